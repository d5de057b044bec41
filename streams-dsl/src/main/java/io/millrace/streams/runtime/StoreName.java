package io.millrace.streams.runtime;

import io.millrace.store.KeyCodec;
import io.millrace.store.StoreSpec;
import io.millrace.store.ValueCodec;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.operator.Stamped;
import io.millrace.streams.operator.StampedCodec;
import io.millrace.streams.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store that can be asked: an aggregate or a table by its operator's id, a processor's store as {@code operator/store}.
 *
 * @param name of the store in its shards
 * @param windowSizeMs size of its windows, 0 if it has none
 * @param isStamped whether values are kept with their timestamp
 * @param keys codec whose bytes choose the shard, null for canonical bytes
 * @param partitions over how many shards its keys are spread
 */
record StoreName(
        String name,
        long windowSizeMs,
        boolean isStamped,
        @Nullable Codec<?> keys,
        int partitions) {

    private static final String WINDOW = "window(";
    private static final String PROCESS = "process(";

    /** @throws IllegalArgumentException if the plan has no such store; the message lists those it has */
    static StoreName find(Plan plan, String name) {
        for (Plan.PlannedStore store : plan.stores()) {
            if (store.kind().startsWith(PROCESS)) {
                for (String own : processorStores(store)) {
                    if (name.equals(store.name() + "/" + own)) {
                        return new StoreName(name, 0, false, store.keys(), store.partitions());
                    }
                }
            } else if (store.name().equals(name) && !store.kind().equals(Plan.HELD_KIND)) {
                return new StoreName(name, windowSizeMs(store.kind()), true, store.keys(), store.partitions());
            }
        }
        throw new IllegalArgumentException("job " + plan.job() + " has no store " + name + "; it has "
                + plan.stores().stream().map(Plan.PlannedStore::name).sorted().toList());
    }

    private static List<String> processorStores(Plan.PlannedStore store) {
        return List.of(store.kind()
                .substring(PROCESS.length(), store.kind().length() - 1)
                .split(","));
    }

    private static long windowSizeMs(String kind) {
        return kind.startsWith(WINDOW) ? Long.parseLong(kind.substring(WINDOW.length(), kind.indexOf(','))) : 0;
    }

    boolean isWindowed() {
        return windowSizeMs > 0;
    }

    /** How the store is opened in a shard, or read in a view of one. */
    StoreSpec<Object, Object> spec(KeyCodec<Object> stateKeys, ValueCodec<Object> stateValues) {
        StoreSpec.Kind kind = isWindowed() ? StoreSpec.Kind.WINDOW : StoreSpec.Kind.KEY_VALUE;
        return new StoreSpec<>(name, kind, stateKeys, isStamped ? stamped(stateValues) : stateValues);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // callers take the value out of its stamp
    private static ValueCodec<Object> stamped(ValueCodec<Object> values) {
        return (ValueCodec) new StampedCodec(values);
    }

    /** What users see of a value in state. */
    @Nullable
    Object shown(@Nullable Object inState) {
        return inState instanceof Stamped stamped ? stamped.value() : inState;
    }
}
