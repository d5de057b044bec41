package io.millrace.broker.handler;

import io.millrace.broker.PartitionWatches;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchRequest.ForgottenTopic;
import io.millrace.node.PartitionHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client fetches again and again, so that it need not say all of it each time (KIP-227). Owned by {@link FetchSessions}.
 *
 * <p>A partition that has nothing for the client <em>rests</em>: the session watches it and does not look at it until it
 * publishes something or the client names it again. So a fetch costs what has changed, not what the session has.
 */
final class FetchSession {

    private static final int EPOCH_FIRST = 1;

    private final int id;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final Map<FetchPart.Key, FetchPart> parts = new HashMap<>();
    /** What the next fetch looks at: all that does not rest. */
    private final Set<FetchPart> stirred = new HashSet<>();
    /** How to end the rest of those that do. */
    private final Map<FetchPart, Runnable> resting = new HashMap<>();

    private @Nullable Consumer<FetchPart> onStirred;
    private long turns;
    private int epoch = EPOCH_FIRST;
    private long usedMs;
    private int rank;

    FetchSession(int id, boolean usesTopicIds, List<FetchPart> parts, long nowMs) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        parts.forEach(this::add);
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
            FetchPart known = parts.get(named.key());
            if (known == null) {
                add(named);
            } else {
                known.asked(named.asked());
                stir(known);
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                FetchPart left = parts.remove(new FetchPart.Key(topic.topic(), topic.topicId(), partition));
                if (left != null) {
                    endRest(left);
                    stirred.remove(left);
                }
            }
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    private void add(FetchPart part) {
        parts.put(part.key(), part);
        part.turn(++turns);
        stirred.add(part);
    }

    /** What is to be looked at, in the order in which it is read: who was given records last comes last. */
    List<FetchPart> stirred() {
        List<FetchPart> inTurn = new ArrayList<>(stirred);
        inTurn.sort(Comparator.comparingLong(FetchPart::turn));
        return inTurn;
    }

    void moveToTheEnd(FetchPart part) {
        part.turn(++turns);
    }

    /** From now on told of each part that rests no more; whoever was told before is not any longer. */
    void tell(Consumer<FetchPart> listener) {
        this.onStirred = listener;
    }

    void stopTelling(Consumer<FetchPart> listener) {
        if (onStirred == listener) {
            onStirred = null;
        }
    }

    /** The part is not looked at until its partition has changed. To be called before its last look, so that nothing is missed. */
    void rest(FetchPart part, PartitionHandle handle, PartitionWatches watches) {
        if (parts.get(part.key()) == part && stirred.remove(part)) {
            PartitionWatches.Watcher watcher = () -> stir(part);
            watches.watch(handle, watcher);
            resting.put(part, () -> watches.unwatch(handle, watcher));
        }
    }

    /** The next fetch looks at the part. */
    void stir(FetchPart part) {
        if (endRest(part)) {
            stirred.add(part);
            Consumer<FetchPart> told = onStirred;
            if (told != null) {
                told.accept(part);
            }
        }
    }

    private boolean endRest(FetchPart part) {
        Runnable end = resting.remove(part);
        if (end != null) {
            end.run();
        }
        return end != null;
    }

    /** Nobody comes back for it. */
    void end() {
        resting.values().forEach(Runnable::run);
        resting.clear();
        stirred.clear();
        parts.clear(); // a fetch that still waits leaves nothing behind
    }

    int restingCount() {
        return resting.size();
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
