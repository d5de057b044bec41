package io.millrace.store;

/** Sees entries one by one. */
@FunctionalInterface
public interface EntryVisitor<K, V> {

    /** Returns whether to go on. */
    boolean visit(K key, V value);
}
