package io.millrace.streams.runtime;

import io.millrace.store.CommittedView;
import io.millrace.streams.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The committed state of all shards at one epoch, to be read by one thread; close it soon. */
public final class JobView implements AutoCloseable {

    private final Plan plan;
    private final List<CommittedView> shards;
    private final StateCodecs codecs;

    JobView(Plan plan, List<CommittedView> shards, StateCodecs codecs) {
        this.plan = plan;
        this.shards = List.copyOf(shards);
        this.codecs = codecs;
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
        var spec = found.spec(codecs.keys(), codecs.values());
        boolean[] goOn = {true};
        for (CommittedView shard : shards) {
            if (!goOn[0]) {
                return;
            }
            if (found.isWindowed()) {
                shard.windows(spec, Long.MIN_VALUE, Long.MAX_VALUE - found.windowSizeMs(), (key, start, value) -> {
                    goOn[0] = show(found, visitor, key, start, value);
                    return goOn[0];
                });
            } else {
                shard.range(spec, null, null, (key, value) -> {
                    goOn[0] = show(found, visitor, key, Long.MIN_VALUE, value);
                    return goOn[0];
                });
            }
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
