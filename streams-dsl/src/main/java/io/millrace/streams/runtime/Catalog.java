package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.PlanComparison;
import io.millrace.streams.plan.PlanRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a job must know before it can read its own state: the plan that wrote it, and the types in it. Kept in the compacted
 * topic {@code <job>-catalog}, one record per entry, each written in the epoch that needs it. Owned by the I/O agent.
 */
final class Catalog {

    /** Key of the saved plan. */
    static final String PLAN = "plan";

    /** Key of the positions at which a reset has left the foreign sources. */
    static final String SOURCES = "sources";

    /** Prefix of the keys of types; the rest is the type's number. */
    static final String TYPE_PREFIX = "type/";

    /** Prefix of the keys of the classes that the keys of stores have; the rest is the store's name. */
    static final String KEYS_PREFIX = "keys/";

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final TopicPartition partition;
    private final StateTypes types;
    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Map<String, byte @Nullable []> news = new TreeMap<>();
    private Set<String> added = Set.of();
    private Set<String> dropped = Set.of();
    private final RecordCursor cursor = new RecordCursor();

    Catalog(String job, StateTypes types) {
        this.partition = new TopicPartition(topicOf(job), 0);
        this.types = types;
    }

    static String topicOf(String job) {
        return job + "-catalog";
    }

    TopicPartition partition() {
        return partition;
    }

    /** Reads committed records. */
    void read(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            cursor.wrap(batch);
            while (cursor.next()) {
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                if (key == null) {
                    continue;
                }
                String name = new String(key, StandardCharsets.UTF_8);
                if (value == null) {
                    entries.remove(name);
                } else {
                    entries.put(name, value);
                }
            }
        }
    }

    /**
     * Everything has been read: checks the plan that wrote the state, installs its types, notes the plan of now.
     *
     * @param mayDrop names of stores whose state may be deleted
     */
    void adopt(Plan plan, Set<String> mayDrop) {
        byte[] saved = entries.get(PLAN);
        if (saved != null) {
            PlanComparison comparison = PlanComparison.compare(PlanRecord.decode(saved), PlanRecord.of(plan), mayDrop);
            comparison.refusal().ifPresent(refusal -> {
                throw JobFault.finalOne("job " + plan.job() + " cannot go on with this topology: " + refusal);
            });
            added = Set.copyOf(comparison.added());
            dropped = Set.copyOf(comparison.dropped());
        }
        dropped.forEach(this::forget);
        entries.forEach((name, value) -> {
            if (name.startsWith(TYPE_PREFIX)) {
                types.install(value);
            } else if (name.startsWith(KEYS_PREFIX)) {
                types.keyClasses()
                        .install(name.substring(KEYS_PREFIX.length()), new String(value, StandardCharsets.UTF_8));
            }
        });
        put(PLAN, PlanRecord.of(plan).encode());
    }

    /** Where a reset has left the foreign sources, by {@code source id/split}: for those of which no shard says more. */
    Map<String, Map<String, String>> sources() {
        byte[] left = entries.get(SOURCES);
        return left == null ? Map.of() : MetaRecord.decode(left).positions().foreign();
    }

    /** Stores that the plan has and the one that ran last had not; empty if none has run. */
    Set<String> added() {
        return added;
    }

    /** Stores that the plan does not have any more and whose state may go: it is deleted in the epoch that notes the plan. */
    Set<String> dropped() {
        return dropped;
    }

    private void forget(String store) {
        List<String> gone = entries.keySet().stream()
                .filter(name -> name.startsWith(KEYS_PREFIX)
                        && PlanComparison.belongs(name.substring(KEYS_PREFIX.length()), store))
                .toList();
        gone.forEach(name -> {
            entries.remove(name);
            news.put(name, null);
        });
    }

    private void put(String name, byte[] value) {
        byte[] known = entries.put(name, value);
        if (known == null || !Arrays.equals(known, value)) {
            news.put(name, value);
        }
    }

    /** Whether something must be written with this epoch. */
    boolean hasNews() {
        types.takeNew().forEach(type -> put(TYPE_PREFIX + type.number(), type.description()));
        types.keyClasses()
                .takeNew()
                .forEach((store, name) -> put(KEYS_PREFIX + store, name.getBytes(StandardCharsets.UTF_8)));
        return !news.isEmpty();
    }

    /** The batch to write; afterwards there is no news. */
    RecordBatchBuilder takeNews() {
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        news.forEach((name, value) -> {
            if (!batch.append(0, name.getBytes(StandardCharsets.UTF_8), value, Header.NONE)) {
                throw new IllegalStateException("the catalog of " + partition.topic() + " has more than "
                        + BATCH_BYTES_MAX + " bytes of news in one epoch");
            }
        });
        news.clear();
        return batch;
    }
}
