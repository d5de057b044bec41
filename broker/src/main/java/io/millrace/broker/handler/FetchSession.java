package io.millrace.broker.handler;

import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchRequest.ForgottenTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client fetches again and again, so that it need not say all of it each time (KIP-227). Owned by {@link FetchSessions}. */
final class FetchSession {

    private static final int EPOCH_FIRST = 1;

    private final int id;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final Map<FetchPart.Key, FetchPart> parts;
    private int epoch = EPOCH_FIRST;
    private long usedMs;
    private int rank;

    FetchSession(int id, boolean usesTopicIds, List<FetchPart> parts, long nowMs) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        this.parts = new LinkedHashMap<>();
        parts.forEach(part -> this.parts.put(part.key(), part));
        touch(nowMs);
    }

    /** What a request names, in its order; a partition that is named twice is asked for as it was named last. */
    static List<FetchPart> partsOf(FetchRequest request) {
        Map<FetchPart.Key, FetchPart> named = new LinkedHashMap<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                FetchPart part = new FetchPart(topic, partition);
                FetchPart before = named.putIfAbsent(part.key(), part);
                if (before != null) {
                    before.asked(partition);
                }
            }
        }
        return new ArrayList<>(named.values());
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    long createdMs() {
        return createdMs;
    }

    /** Of the next request, 1 or more. */
    int epoch() {
        return epoch;
    }

    void advanceEpoch() {
        epoch = epochAfter(epoch);
    }

    /** After the largest number comes 1: 0 begins a session. */
    static int epochAfter(int epoch) {
        return epoch == Integer.MAX_VALUE ? EPOCH_FIRST : epoch + 1;
    }

    /** Takes in what a request changes. */
    void update(FetchRequest request) {
        for (FetchPart named : partsOf(request)) {
            FetchPart known = parts.putIfAbsent(named.key(), named);
            if (known != null) {
                known.asked(named.asked());
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                parts.remove(new FetchPart.Key(topic.topic(), topic.topicId(), partition));
            }
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** In the order in which they are read: who was given records last comes last. */
    List<FetchPart> parts() {
        return new ArrayList<>(parts.values());
    }

    void moveToTheEnd(FetchPart part) {
        if (parts.remove(part.key(), part)) {
            parts.put(part.key(), part);
        }
    }

    void touch(long nowMs) {
        usedMs = nowMs;
        rank = parts.size();
    }

    long usedMs() {
        return usedMs;
    }

    /** How many partitions it had when it was used last: what it is worth to keep it. */
    int rank() {
        return rank;
    }
}
