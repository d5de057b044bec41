package io.millrace.streams.runtime;

import io.millrace.store.CommittedView;
import io.millrace.streams.codec.KeyRouter;
import io.millrace.streams.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The committed state of all shards at one epoch, to be read by one thread; close it soon. */
public final class JobView implements AutoCloseable {

    private final Plan plan;
    private final List<CommittedView> shards;
    private final KeyClasses keyClasses;
    private final StateCodecs codecs;

    /** @param shards by index */
    JobView(Plan plan, List<CommittedView> shards, StateTypes types) {
        this.plan = plan;
        this.shards = List.copyOf(shards);
        this.keyClasses = types.keyClasses();
        this.codecs = types.newCodecs();
    }

    /** Sees entries one by one; the window's start is {@link Long#MIN_VALUE} where the store has no windows. */
    @FunctionalInterface
    public interface Visitor {

        /** Returns whether to go on. */
        boolean visit(Object key, long windowStartMs, Object value);
    }

    /**
     * All entries of a store, shard by shard, in the order of the bytes of (window start, key).
     *
     * @throws IllegalArgumentException if there is no such store
     */
    public void forEach(String store, Visitor visitor) {
        StoreName found = StoreName.find(plan, store);
        if (!found.isWindowed()) {
            rangeOfEachShard(found, null, null, visitor);
            return;
        }
        var spec = found.spec(codecs.keys(), codecs.values());
        boolean[] goOn = {true};
        for (int i = 0; i < shards.size() && goOn[0]; i++) {
            shards.get(i).windows(spec, Long.MIN_VALUE, Long.MAX_VALUE - found.windowSizeMs(), (key, start, value) -> {
                goOn[0] = show(found, visitor, key, start, value);
                return goOn[0];
            });
        }
    }

    /**
     * The entries of a store without windows from a key to a key, both inclusive, null for an open end: shard by shard, in each
     * in the order of key bytes.
     *
     * @throws IllegalArgumentException if there is no such store, or it has windows, or keys of another class
     */
    public void range(String store, @Nullable Object from, @Nullable Object to, Visitor visitor) {
        StoreName found = StoreName.find(plan, store);
        if (found.isWindowed()) {
            throw new IllegalArgumentException(
                    "store " + store + " has windows: ask for the windows of one key, or for all entries");
        }
        requireFits(found, from);
        requireFits(found, to);
        rangeOfEachShard(found, from, to, visitor);
    }

    private void rangeOfEachShard(StoreName store, @Nullable Object from, @Nullable Object to, Visitor visitor) {
        var spec = store.spec(codecs.keys(), codecs.values());
        boolean[] goOn = {true};
        for (int i = 0; i < shards.size() && goOn[0]; i++) {
            shards.get(i).range(spec, from, to, (key, value) -> {
                goOn[0] = show(store, visitor, key, Long.MIN_VALUE, value);
                return goOn[0];
            });
        }
    }

    /**
     * The windows of one key that start from a time to a time, both inclusive, by ascending start.
     *
     * @throws IllegalArgumentException if there is no such store, or it has no windows, or keys of another class
     */
    public void windows(String store, Object key, long fromMs, long toMs, Visitor visitor) {
        StoreName found = StoreName.find(plan, store);
        if (!found.isWindowed()) {
            throw new IllegalArgumentException("store " + store + " has no windows: ask for the value of the key");
        }
        requireFits(found, key);
        int shard = new KeyRouter(found.keys(), codecs.keys(), found.partitions()).partition(key);
        shards.get(shard)
                .windows(
                        found.spec(codecs.keys(), codecs.values()),
                        key,
                        fromMs,
                        toMs,
                        (same, start, value) -> show(found, visitor, same, start, value));
    }

    private void requireFits(StoreName store, @Nullable Object key) {
        if (key != null) {
            keyClasses.requireFits(store.name(), key);
        }
    }

    private static boolean show(
            StoreName store, Visitor visitor, Object key, long windowStartMs, @Nullable Object value) {
        Object shown = store.shown(value);
        return shown == null || visitor.visit(key, windowStartMs, shown);
    }

    @Override
    public void close() {
        shards.forEach(CommittedView::close);
    }
}
