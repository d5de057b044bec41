package io.millrace.coordinator;

import com.google.re2j.Pattern;
import io.millrace.client.LogException;
import io.millrace.client.TopicDescription;
import io.millrace.coordinator.ConsumerRecord.Profile;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerRecord.Regex;
import io.millrace.coordinator.ConsumerRecord.Resolved;
import io.millrace.coordinator.ConsumerRecord.Target;
import io.millrace.coordinator.ConsumerRecord.TargetEpoch;
import io.millrace.coordinator.ConsumerRecord.TargetPartitions;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.coordinator.assign.Subscriber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The steps that every sign of life of a member takes its group through, whichever protocol the member speaks: what it says is
 * taken down, the topics are looked up, the group's epoch is counted, everybody gets a target, and the member itself goes on
 * towards its own. For one decision.
 */
final class ConsumerSteps {

    private final ConsumerRules rules;
    private final ConsumerSessions sessions;
    private final ConsumerDraft draft;
    private final TopicView topics;
    private final long nowMs;

    /** @param topics as they are now */
    ConsumerSteps(ConsumerRules rules, ConsumerSessions sessions, ConsumerDraft draft, TopicView topics, long nowMs) {
        this.rules = rules;
        this.sessions = sessions;
        this.draft = draft;
        this.topics = topics;
        this.nowMs = nowMs;
    }

    private ConsumerGroup group() {
        return draft.group();
    }

    /**
     * Takes down what a member says of itself.
     *
     * @return whether it reads other topics than before
     * @throws LogException INVALID_REGULAR_EXPRESSION
     */
    boolean tell(ConsumerMember member, MemberProfile profile, Predicate<String> mayRead) {
        MemberProfile before = member.profile();
        String regex = profile.regexOrEmpty();
        boolean readsByOther = !before.regexOrEmpty().equals(regex);
        Resolved resolved = null;
        if (readsByOther && profile.hasRegex() && !group().regexes().containsKey(regex)) {
            resolved = RegexTopics.resolve(rules.regexes().of(regex), topics, mayRead, nowMs);
        }
        if (!profile.equals(before) || group().find(member.id()) == null) {
            draft.write(new Profile(group().name(), member.id(), profile));
        }
        if (resolved != null) {
            draft.write(new Regex(group().name(), regex, resolved));
        }
        if (readsByOther && before.hasRegex() && !group().readsBy(before.regexOrEmpty())) {
            draft.write(new Regex(group().name(), before.regexOrEmpty(), null));
        }
        return readsByOther || !profile.topics().equals(before.topics());
    }

    /**
     * Looks regular expressions up again: if topics have come or gone, or if it is a long time ago.
     *
     * @param seen the topics when the group was looked at last; null if it was not in this life
     * @return whether some of them stands for other topics now
     */
    boolean lookUp(@Nullable TopicView seen, Predicate<String> mayRead) {
        boolean changed = false;
        for (Map.Entry<String, Resolved> entry :
                new ArrayList<>(group().regexes().entrySet())) {
            Resolved before = entry.getValue();
            boolean isOld = nowMs - before.atMs() > rules.ofConsumers().regexRefreshIntervalMs();
            if (!isOld && topics == seen) {
                continue;
            }
            Pattern regex = compiled(entry.getKey());
            if (regex == null) {
                continue;
            }
            Resolved now = RegexTopics.resolve(regex, topics, isOld ? null : before, seen, mayRead, nowMs);
            boolean differs = !now.topics().equals(before.topics());
            if (differs || isOld) {
                draft.write(new Regex(group().name(), entry.getKey(), now));
            }
            changed |= differs;
        }
        return changed;
    }

    /** Null for one that is refused today and was not when it was written: it stands for what it stood for then. */
    private @Nullable Pattern compiled(String regex) {
        try {
            return rules.regexes().of(regex);
        } catch (LogException refused) {
            return null;
        }
    }

    /** Counts the group's epoch, if members read other topics, or if topics that they read have changed. */
    void count(boolean readOther) {
        long hash = ReadTopics.hash(group().topics(), topics);
        if (readOther || hash != group().topicsHash()) {
            draft.bump(hash);
        }
    }

    /** Gives everybody a target if the group's epoch has been counted, but not too soon after the last time. */
    void assign() {
        if (group().targetEpoch() >= group().epoch() || !mayAssign()) {
            return;
        }
        List<Subscriber> subscribers = new ArrayList<>();
        Map<UUID, Integer> counts = new HashMap<>();
        for (ConsumerMember member : group().members()) {
            Set<UUID> read = ReadTopics.ids(group().topicsOf(member.profile()), topics);
            for (UUID id : read) {
                TopicDescription topic = topics.withId(id);
                counts.put(id, topic == null ? 0 : topic.partitionCount());
            }
            subscribers.add(
                    new Subscriber(member.id(), member.profile().instance(), read, group().target(member.id())));
        }
        Map<String, Partitions> targets = rules.assignor(group()).assign(subscribers, counts);
        for (Subscriber subscriber : subscribers) {
            Partitions target = targets.getOrDefault(subscriber.id(), Partitions.NONE);
            boolean isNew = !group().targets().containsKey(subscriber.id());
            if (isNew || !target.equals(subscriber.present())) {
                draft.write(new TargetPartitions(group().name(), subscriber.id(), target));
            }
        }
        draft.write(new TargetEpoch(group().name(), new Target(group().epoch(), nowMs)));
    }

    private boolean mayAssign() {
        int intervalMs = rules.assignmentIntervalMs(group().name());
        return group().assignedMs() == 0 || intervalMs == 0 || nowMs >= group().assignedMs() + intervalMs;
    }

    /**
     * Brings the member nearer to its target.
     *
     * @param readsOther whether it has just begun to read other topics
     * @param owned what it says that it has; null if it does not say
     * @return as it is then
     */
    ConsumerMember reconcile(String id, boolean readsOther, @Nullable Partitions owned) {
        ConsumerMember found = group().find(id);
        ConsumerMember member = found == null ? ConsumerMember.blank(id) : found;
        if (!readsOther && member.progress().isReconciledTo(group().targetEpoch())) {
            return member;
        }
        Set<UUID> read = ReadTopics.ids(group().topicsOf(member.profile()), topics);
        MemberProgress next = new Reconciliation(group(), member, read, owned).next(readsOther);
        if (next.equals(member.progress())) {
            return member;
        }
        draft.write(new Progress(group().name(), id, next));
        if (!member.profile().isClassic()) {
            boolean mustLetGo = next.state() == MemberState.UNREVOKED_PARTITIONS;
            sessions.revokes(
                    id,
                    mustLetGo ? nowMs + member.profile().rebalanceTimeoutMs() : ConsumerSessions.NEVER,
                    next.epoch());
        }
        return member.with(next);
    }

    /** Members are gone: regular expressions that were theirs alone go too, and the rest is to be assigned anew. */
    void removed(List<ConsumerMember> gone) {
        for (String regex : new TreeSet<>(
                gone.stream().map(member -> member.profile().regexOrEmpty()).toList())) {
            if (group().regexes().containsKey(regex) && !group().readsBy(regex)) {
                draft.write(new Regex(group().name(), regex, null));
            }
        }
        draft.bump(ReadTopics.hash(group().topics(), topics));
    }
}
