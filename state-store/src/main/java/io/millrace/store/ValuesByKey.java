package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a store in order of time by their key: all that are on the heap, also those whose removal is not written yet.
 * Most keys have one; that stands in the table itself, more stand in a {@link KeyRun}.
 */
final class ValuesByKey {

    private final NodeTable<Node> table = new NodeTable<>();

    void add(TimedEntry entry) {
        Node node = table.find(entry.key, entry.hash);
        if (node == null) {
            table.insert(entry);
        } else if (node instanceof KeyRun run) {
            run.values.add(entry);
        } else {
            KeyRun run = new KeyRun(node.key, node.hash);
            run.values.add((TimedEntry) node);
            run.values.add(entry);
            table.replace(node, run);
        }
    }

    /** Nothing if it is not here. */
    void remove(TimedEntry entry) {
        Node node = table.find(entry.key, entry.hash);
        if (node == entry) {
            table.remove(node);
        } else if (node instanceof KeyRun run) {
            run.values.remove(entry);
            if (run.values.isEmpty()) {
                table.remove(run);
            }
        }
    }

    @Nullable
    TimedEntry find(Object key, int hash, long timeMs, long arrival) {
        Node node = table.find(key, hash);
        if (node instanceof TimedEntry entry) {
            return entry.timeMs == timeMs && entry.arrival == arrival ? entry : null;
        }
        return node instanceof KeyRun run ? run.values.find(timeMs, arrival) : null;
    }

    /** As {@link TimedRun#range}, over the entries of one key. */
    boolean range(Object key, int hash, long fromMs, long toMs, TimedRun.Visitor visitor) {
        Node node = table.find(key, hash);
        if (node instanceof TimedEntry entry) {
            return entry.timeMs < fromMs || entry.timeMs > toMs || visitor.visit(entry);
        }
        return !(node instanceof KeyRun run) || run.values.range(fromMs, toMs, visitor);
    }
}
