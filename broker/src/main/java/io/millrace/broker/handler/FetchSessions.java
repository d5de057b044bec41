package io.millrace.broker.handler;

import io.millrace.broker.message.FetchRequest;
import io.millrace.client.ErrorCode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * The fetch sessions of one event loop (KIP-227), owned by it. As with Kafka a session does not depend on its connection; one
 * that comes back at another loop is not known there, and the client begins a new one, which it does after each disconnection
 * anyway.
 *
 * <p>When all slots are taken, a new session gets the slot of one that was not used for {@link #IDLE_MS_MAX}, else of the
 * smallest that is older than that, if the new one has more partitions; else the client is served without a session.
 */
final class FetchSessions {

    /** After this time a session may be evicted. */
    static final long IDLE_MS_MAX = 120_000;

    static final int NO_SESSION = 0;
    private static final int EPOCH_OF_BEGIN = 0;
    private static final int EPOCH_OF_END = -1;

    private final int slots;
    private final SplittableRandom ids;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();
    /** The one that was used longest ago first. */
    private final LinkedHashSet<FetchSession> byUse = new LinkedHashSet<>();
    /** Those that a larger one may displace, the smallest first. */
    private final TreeSet<FetchSession> displaceable =
            new TreeSet<>(Comparator.comparingInt(FetchSession::rank).thenComparingInt(FetchSession::id));

    /** @param seed of session ids, another one in each life of the node: an id of a former life must not be met again */
    FetchSessions(int slots, long seed) {
        this.slots = slots;
        this.ids = new SplittableRandom(seed);
    }

    /** What a request is to be given. */
    FetchContext begin(FetchRequest request, boolean usesTopicIds, long nowMs) {
        int epoch = request.sessionEpoch();
        if (epoch == EPOCH_OF_BEGIN || epoch == EPOCH_OF_END) {
            end(request.sessionId());
            List<FetchPart> parts = FetchSession.partsOf(request);
            return epoch == EPOCH_OF_END
                    ? new FetchContext.Sessionless(parts)
                    : new FetchContext.Full(this, usesTopicIds, parts);
        }
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            return new FetchContext.Refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.epoch() != epoch) {
            return new FetchContext.Refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.usesTopicIds() != usesTopicIds) {
            return new FetchContext.Refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        return goOn(session, request, nowMs);
    }

    private FetchContext goOn(FetchSession session, FetchRequest request, long nowMs) {
        session.update(request);
        if (session.isEmpty()) {
            end(session.id());
            return new FetchContext.Sessionless(List.of());
        }
        displaceable.remove(session); // before its rank changes
        session.touch(nowMs);
        session.advanceEpoch();
        remember(session, nowMs);
        return new FetchContext.Incremental(session, session.epoch(), session.stirred());
    }

    /**
     * Begins a session with what the client has just been told.
     *
     * @return its id, {@link #NO_SESSION} if there is no slot for it
     */
    int create(boolean usesTopicIds, List<FetchPart> parts, long nowMs) {
        if (sessions.size() >= slots && !evictFor(parts.size(), nowMs)) {
            return NO_SESSION;
        }
        int id = freshId();
        FetchSession session = new FetchSession(id, usesTopicIds, parts, nowMs);
        sessions.put(id, session);
        remember(session, nowMs);
        return id;
    }

    private int freshId() {
        int id;
        do {
            id = ids.nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }

    private void remember(FetchSession session, long nowMs) {
        byUse.remove(session);
        byUse.add(session);
        if (nowMs - session.createdMs() > IDLE_MS_MAX) {
            displaceable.add(session);
        }
    }

    private boolean evictFor(int size, long nowMs) {
        Iterator<FetchSession> oldest = byUse.iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        FetchSession idle = oldest.next();
        if (nowMs - idle.usedMs() > IDLE_MS_MAX) {
            end(idle.id());
            return true;
        }
        if (displaceable.isEmpty() || size <= displaceable.first().rank()) {
            return false;
        }
        end(displaceable.first().id());
        return true;
    }

    private void end(int id) {
        FetchSession session = sessions.remove(id);
        if (session != null) {
            byUse.remove(session);
            displaceable.remove(session);
            session.end();
        }
    }

    int size() {
        return sessions.size();
    }
}
