package io.millrace.streams;

/** Chooses the partition of an output record, 0 to partitionCount - 1. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface Partitioner<K, V> {
    int partition(K key, V value, int partitionCount);
}
