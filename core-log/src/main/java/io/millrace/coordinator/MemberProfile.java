package io.millrace.coordinator;

import io.millrace.coordinator.GroupRequest.Protocol;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who a member of a consumer group is, and what it wants to read.
 *
 * @param instance its {@code group.instance.id} if it is a static member
 * @param rack where it is, if it says so; shown, but not assigned by
 * @param clientHost where it is, as Kafka writes it: {@code /127.0.0.1}
 * @param topics that it reads, by name; they need not exist
 * @param regex of more topics that it reads; empty or null if there is none
 * @param rebalanceTimeoutMs how long it may take to let partitions go
 * @param assignor that it would like; null if it does not care
 * @param classic what it said if it joined with the classic protocol, null if it did not
 */
record MemberProfile(
        @Nullable String instance,
        @Nullable String rack,
        String clientId,
        String clientHost,
        SortedSet<String> topics,
        @Nullable String regex,
        int rebalanceTimeoutMs,
        @Nullable String assignor,
        @Nullable ClassicSide classic) {

    /** Nobody in particular yet. */
    static final MemberProfile BLANK =
            new MemberProfile(null, null, "", "", Collections.emptySortedSet(), "", -1, null, null);

    MemberProfile {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    /**
     * What a member that speaks the classic protocol has said.
     *
     * @param protocols that it supports, best first
     */
    record ClassicSide(int sessionTimeoutMs, List<Protocol> protocols) {

        ClassicSide {
            protocols = List.copyOf(protocols);
        }

        /** The one in which it is answered. */
        Protocol first() {
            return protocols.get(0);
        }

        boolean supports(String protocol) {
            return protocols.stream().anyMatch(one -> one.name().equals(protocol));
        }
    }

    boolean isClassic() {
        return classic != null;
    }

    /** Whether it reads topics by a regular expression. */
    boolean hasRegex() {
        return regex != null && !regex.isEmpty();
    }

    /** The expression, empty if there is none. */
    String regexOrEmpty() {
        return regex == null ? "" : regex;
    }

    /** With what a heartbeat says; null stands for what was said before. */
    MemberProfile told(GroupRequest.ConsumerHeartbeat beat) {
        List<String> names = beat.topics();
        return new MemberProfile(
                beat.instance() == null ? instance : beat.instance(),
                beat.rack() == null ? rack : beat.rack(),
                beat.clientId(),
                beat.clientHost(),
                names == null ? topics : new TreeSet<>(names),
                beat.regex() == null ? regex : beat.regex(),
                beat.rebalanceTimeoutMs() == -1 ? rebalanceTimeoutMs : beat.rebalanceTimeoutMs(),
                beat.assignor() == null ? assignor : beat.assignor(),
                null);
    }

    /** With what a member says that joins with the classic protocol, which knows no regular expressions. */
    MemberProfile told(GroupRequest.Join join, Set<String> names, @Nullable String ofRack) {
        return new MemberProfile(
                join.instance() == null ? instance : join.instance(),
                ofRack == null ? rack : ofRack,
                join.clientId(),
                join.clientHost(),
                new TreeSet<>(names),
                "",
                join.rebalanceTimeoutMs(),
                assignor,
                new ClassicSide(join.sessionTimeoutMs(), join.protocols()));
    }
}
