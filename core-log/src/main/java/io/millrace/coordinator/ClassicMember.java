package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Protocol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, with the request it waits for. Owned by its group. */
final class ClassicMember {

    private static final long NO_TICKET = -1;
    private static final byte[] NOTHING = {};

    private final String id;
    private final @Nullable String instance;
    private final String clientId;
    private final String clientHost;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    private List<Protocol> protocols;
    private byte[] assignment = NOTHING;
    private long joinTicket = NO_TICKET;
    private long syncTicket = NO_TICKET;
    private boolean isNew;
    private long sessionEndMs = ClassicGroup.NEVER;

    private ClassicMember(
            String id,
            @Nullable String instance,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<Protocol> protocols) {
        this.id = id;
        this.instance = instance;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = protocols;
    }

    /** One that was not in the group before. */
    static ClassicMember joining(String id, Join request) {
        ClassicMember member = new ClassicMember(
                id,
                request.instance(),
                request.clientId(),
                request.clientHost(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                request.protocols());
        member.isNew = true;
        return member;
    }

    /** One that has been in the group under another protocol. */
    static ClassicMember known(Join said, String id) {
        ClassicMember member = joining(id, said);
        member.settled();
        return member;
    }

    /** As it would join again. */
    Join asJoin(String group) {
        return new Join(
                group,
                id,
                instance,
                clientId,
                clientHost,
                sessionTimeoutMs,
                rebalanceTimeoutMs,
                SubscribedTopics.PROTOCOL_TYPE,
                protocols,
                false,
                false);
    }

    /** One that was in the group when it was written down. */
    static ClassicMember restored(GroupMembership.Member written, String protocol) {
        ClassicMember member = new ClassicMember(
                written.id(),
                written.instance(),
                written.clientId(),
                written.clientHost(),
                written.rebalanceTimeoutMs(),
                written.sessionTimeoutMs(),
                List.of(new Protocol(protocol, written.subscription())));
        member.assignment = written.assignment();
        return member;
    }

    /** The same static member after a restart of its process. */
    ClassicMember successor(String newId) {
        ClassicMember successor = new ClassicMember(
                newId, instance, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols);
        successor.assignment = assignment;
        return successor;
    }

    String id() {
        return id;
    }

    @Nullable
    String instance() {
        return instance;
    }

    boolean isStatic() {
        return instance != null;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    List<Protocol> protocols() {
        return protocols;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(each -> each.name().equals(protocol));
    }

    /** Its favourite among these. */
    String vote(Set<String> candidates) {
        return protocols.stream()
                .map(Protocol::name)
                .filter(candidates::contains)
                .findFirst()
                .orElseThrow();
    }

    /** What it said for this protocol, which it supports. */
    byte[] metadata(String protocol) {
        return protocols.stream()
                .filter(each -> each.name().equals(protocol))
                .findFirst()
                .orElseThrow()
                .metadata();
    }

    /** It has joined again, perhaps with something else to say. */
    void update(Join request) {
        protocols = request.protocols();
        rebalanceTimeoutMs = request.rebalanceTimeoutMs();
        sessionTimeoutMs = request.sessionTimeoutMs();
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] given) {
        assignment = given;
    }

    void assignNothing() {
        assignment = NOTHING;
    }

    // ---- waiting

    /** Whoever asked before with the same id has lost its connection, or is a bug: it hears at once. */
    void awaitJoin(long ticket, GroupEffects out) {
        answerJoin(Joined.refused(ErrorCode.REBALANCE_IN_PROGRESS, id), out);
        joinTicket = ticket;
    }

    void awaitSync(long ticket, GroupEffects out) {
        answerSync(Synced.refused(ErrorCode.REBALANCE_IN_PROGRESS), out);
        syncTicket = ticket;
    }

    boolean isAwaitingJoin() {
        return joinTicket != NO_TICKET;
    }

    boolean isAwaitingSync() {
        return syncTicket != NO_TICKET;
    }

    /** Does nothing if it does not wait. */
    void answerJoin(Joined reply, GroupEffects out) {
        if (isAwaitingJoin()) {
            out.answer(joinTicket, reply);
            joinTicket = NO_TICKET;
        }
    }

    /** Does nothing if it does not wait. */
    void answerSync(Synced reply, GroupEffects out) {
        if (isAwaitingSync()) {
            out.answer(syncTicket, reply);
            syncTicket = NO_TICKET;
        }
    }

    /** It is not in the group any more. */
    void refuse(ErrorCode error, String knownAs, GroupEffects out) {
        answerJoin(Joined.refused(error, knownAs), out);
        answerSync(Synced.refused(error), out);
    }

    // ---- session

    /** It was heard of. */
    void renew(long nowMs) {
        sessionEndMs = nowMs + sessionTimeoutMs;
    }

    /** A session of another length: a member that waits to join for the first time sends no heartbeats. */
    void renew(long nowMs, int timeoutMs) {
        sessionEndMs = nowMs + timeoutMs;
    }

    void settled() {
        isNew = false;
    }

    long sessionEndMs() {
        return sessionEndMs;
    }

    /** Whoever waits for an answer cannot be heard of; it is, again, with the answer. */
    boolean isExcused() {
        return !isNew && (isAwaitingJoin() || isAwaitingSync());
    }

    void excuse() {
        sessionEndMs = ClassicGroup.NEVER;
    }

    GroupMembership.Member written(String protocol) {
        return new GroupMembership.Member(
                id,
                instance,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                metadata(protocol),
                assignment);
    }

    DescribedMember described(@Nullable String protocol) {
        return new DescribedMember(
                id, instance, clientId, clientHost, protocol == null ? NOTHING : metadata(protocol), assignment);
    }
}
