package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatch;
import java.util.HashMap;
import java.util.Map;

/** The next sequence of one producer epoch in each partition. Owned by the producer's thread. */
final class Sequences {

    private static final class Next {
        private int sequence;
    }

    private final Map<TopicPartition, Next> next = new HashMap<>();

    /** The first of so many sequences. */
    int take(TopicPartition partition, int count) {
        Next of = next.computeIfAbsent(partition, id -> new Next());
        int first = of.sequence;
        of.sequence = RecordBatch.sequenceAfter(first, count);
        return first;
    }

    /** A new epoch begins. */
    void clear() {
        next.clear();
    }
}
