package io.millrace.streams.runtime;

import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.store.BackingStore;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.KeyCodec;
import io.millrace.store.KeyValueStore;
import io.millrace.store.ShardState;
import io.millrace.store.StoreKeys;
import io.millrace.store.StorePosition;
import io.millrace.store.StoreSpec;
import io.millrace.store.ValueCodec;
import io.millrace.store.WriteBack;
import io.millrace.store.WriteBackSettings;
import io.millrace.streams.plan.PlanComparison;
import io.millrace.streams.runtime.MetaRecord.NodeTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one shard and the epochs it goes through: replayed, opened, frozen, committed, handed down. Owned by the lane.
 *
 * <p>The meta record is a store like any other, so that it is restored, committed and rolled back with the rest.
 */
final class ShardKeeper {

    /** Name of the store that holds the meta record. */
    static final String META_STORE = "millrace.meta";

    /** Slices of one shard between its lane and the store agent. */
    static final int SLICES_IN_FLIGHT_MAX = 8;

    private static final String META_KEY = "shard";
    private static final int META_STORE_ID = StoreKeys.storeId(META_STORE);

    private static final KeyCodec<String> META_KEYS = new KeyCodec<>() {
        @Override
        public byte[] encode(String key) {
            return key.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    final int shard;
    final ShardState state;
    private final StateCodecs codecs;
    private final @Nullable BackingStore backing;
    private final @Nullable WriteBack writeBack;
    private final boolean hasChangelog;
    final List<LaneTask> tasks = new ArrayList<>();
    private final KeyValueStore<String, byte[]> metas;
    private final RecordCursor cursor = new RecordCursor();
    private @Nullable MetaRecord meta;
    private Set<String> left = Set.of();
    private boolean frozen;
    private int slicesInFlight;
    private @Nullable StorePosition committedPosition;

    /**
     * @param backing where committed state goes, null if the job keeps nothing beside the positions of its topics
     */
    ShardKeeper(
            int shard,
            ShardState state,
            @Nullable BackingStore backing,
            WriteBackSettings settings,
            StateCodecs codecs) {
        this.shard = shard;
        this.codecs = codecs;
        this.backing = backing;
        this.writeBack = backing == null ? null : new WriteBack(state, settings);
        this.hasChangelog = backing != null;
        this.state = state;
        this.metas = state.keyValue(new StoreSpec<>(META_STORE, StoreSpec.Kind.KEY_VALUE, META_KEYS, ValueCodec.BYTES));
        this.committedPosition = state.position();
    }

    /** Prepares to delete the state of stores that the plan does not have any more, with those that belong to them. */
    void leave(Set<String> names) {
        left = names;
        if (!names.isEmpty()) {
            state.leave(store -> names.stream().anyMatch(name -> PlanComparison.belongs(store, name)));
        }
    }

    // ---- restore

    /**
     * Applies committed changelog. It is a commit like any other, so that it goes down while more is read: state may be larger
     * than the heap.
     *
     * @param position what the batches lead to
     */
    void restore(List<RecordBatch> batches, long fromOffset, StorePosition position) {
        for (RecordBatch batch : batches) {
            cursor.wrap(batch);
            while (cursor.next()) {
                byte[] key = cursor.key();
                if (cursor.offset() >= fromOffset && key != null) {
                    state.restore(key, cursor.value());
                }
            }
        }
        reached(position);
    }

    /** The changelog below the position has been applied. */
    void restored(@Nullable StorePosition position) {
        if (position != null && !position.equals(committedPosition)) {
            reached(position);
        }
        state.deleteLeft();
        byte[] found = metas.get(META_KEY);
        meta = found == null ? null : MetaRecord.decode(found);
        Map<String, NodeTime> times = meta == null ? Map.of() : meta.times();
        for (LaneTask task : tasks) {
            task.restore(times);
        }
    }

    private void reached(StorePosition position) {
        state.restored(position);
        committedPosition = position;
    }

    @Nullable
    MetaRecord meta() {
        return meta;
    }

    // ---- epochs

    /**
     * Ends the epoch: freezes what it wrote and writes the net changes to the changelog, the meta record last.
     *
     * @param moved input positions that moved, null if none did
     */
    void endEpoch(long epoch, @Nullable InputPositions moved, long timestampMs, LaneOutputs outputs) throws Exception {
        requireIntact();
        if (!hasChangelog || (moved == null && !state.isDirty())) {
            return;
        }
        MetaRecord next = nextMeta(epoch, moved == null ? InputPositions.NONE : moved);
        metas.put(META_KEY, next.encode());
        meta = next;
        state.freeze();
        frozen = true;
        List<byte[]> last = new ArrayList<>(2);
        List<Exception> failures = new ArrayList<>(0);
        state.forEachFrozenChange((key, value) -> {
            try {
                if (value != null && StoreKeys.storeIdOf(key) == META_STORE_ID) {
                    last.add(key);
                    last.add(value);
                } else {
                    outputs.writeChangelog(shard, key, value, timestampMs);
                }
            } catch (Exception e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        outputs.writeChangelog(shard, last.get(0), last.get(1), timestampMs);
    }

    /** User code may have caught what a damaged store threw, and made something of it. */
    private void requireIntact() {
        String damage = backing == null ? null : backing.damage();
        if (damage != null) {
            throw new DamagedStoreException("shard " + shard + " cannot commit: " + damage);
        }
    }

    private MetaRecord nextMeta(long epoch, InputPositions moved) {
        Map<String, NodeTime> times = new HashMap<>();
        InputPositions before = InputPositions.NONE;
        MetaRecord old = meta;
        if (old != null) {
            before = old.positions();
        }
        for (LaneTask task : tasks) {
            task.collectTimes(times);
        }
        var topics = new HashMap<>(before.topics());
        topics.putAll(moved.topics());
        var foreign = new HashMap<>(before.foreign());
        foreign.keySet().removeIf(position -> left.stream().anyMatch(name -> PlanComparison.belongs(position, name)));
        foreign.putAll(moved.foreign());
        return new MetaRecord(epoch, times, new InputPositions(topics, foreign));
    }

    /** The frozen epoch is decided and durable. */
    void committed(@Nullable StorePosition position) {
        if (frozen) {
            if (position == null) {
                throw new IllegalStateException("shard " + shard + " froze an epoch, but its changelog got nothing");
            }
            state.commit(position);
            committedPosition = position;
            frozen = false;
        }
    }

    // ---- what is committed, for queries

    /** The committed value of a key as users see it, copied if it can change; null if there is none. */
    @Nullable
    Object committed(StoreName store, Object key, long windowStartMs) {
        StoreSpec<Object, Object> spec = store.spec(codecs.keys(), codecs.values());
        Object found = store.isWindowed()
                ? state.committedValue(state.window(spec, store.windowSizeMs()), key, windowStartMs)
                : state.committedValue(state.keyValue(spec), key);
        Object shown = store.shown(found);
        return shown == null ? null : codecs.values().copy(shown);
    }

    // ---- the way down

    /**
     * The next slice that is due, null if none is.
     *
     * @param isPressed whether to write without delay
     */
    ShardState.@Nullable Slice nextSlice(long wallMs, boolean isPressed) {
        if (slicesInFlight >= SLICES_IN_FLIGHT_MAX || writeBack == null) {
            return null;
        }
        ShardState.Slice slice = writeBack.next(wallMs, isPressed);
        if (slice != null) {
            slicesInFlight++;
        }
        return slice;
    }

    void confirm(ShardState.Slice slice) {
        state.confirm(slice);
        slicesInFlight--;
    }

    /** Time (ms) at which a slice can be handed over; not before a confirmation, which wakes the lane, if too many are out. */
    long nextSliceMs() {
        return slicesInFlight >= SLICES_IN_FLIGHT_MAX || writeBack == null ? Long.MAX_VALUE : writeBack.nextDueMs();
    }

    /** Whether the backing store has everything that is committed. */
    boolean isWrittenOut() {
        return slicesInFlight == 0 && (writeBack == null || writeBack.isHandedOut());
    }

    /** Where slices go, null for a job without state. */
    @Nullable
    BackingStore backing() {
        return backing;
    }

    void close() {
        state.close();
    }
}
