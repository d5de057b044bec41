package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.record.RecordBatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A transactional producer of another process, as the clients of Kafka behave: it outlives the node, and sends again what was
 * not answered. One request at a time.
 */
final class ForeignWriter {

    /** What is to become of a transaction's records. */
    enum Fate {
        VISIBLE,
        HIDDEN,
        OPEN
    }

    private record Asked<T>(Function<NodeDoor, Pending<T>> request, Consumer<Pending<T>> answered) {
        void take(Pending<?> pending) {
            @SuppressWarnings("unchecked")
            Pending<T> mine = (Pending<T>) pending;
            answered.accept(mine);
        }
    }

    private final String id;
    private final TransactionVersion version;
    private final Random random;
    private final Map<TopicPartition, Integer> sequences = new HashMap<>();
    private final Set<TopicPartition> added = new HashSet<>();
    private final Map<String, Fate> fates = new HashMap<>();
    private final Map<String, TopicPartition> places = new HashMap<>();
    private final Set<String> current = new HashSet<>();
    private ProducerIdentity identity;
    private boolean mustAbort;
    private int lastValue;
    private NodeDoor door;
    private Asked<?> asked;
    private Pending<?> pending;

    ForeignWriter(String id, TransactionVersion version, Random random) {
        this.id = id;
        this.version = version;
        this.random = random;
    }

    /** The node's next life: what was not answered is sent again. */
    void connect(NodeDoor next) {
        door = next;
        if (asked != null) {
            pending = asked.request().apply(door);
        }
    }

    Map<String, Fate> fates() {
        return fates;
    }

    TopicPartition place(String value) {
        return places.get(value);
    }

    boolean isInTransaction() {
        return !current.isEmpty() || asked != null;
    }

    /** Takes an answer, or makes the next request. */
    void step(boolean finishing) {
        if (asked != null) {
            if (!pending.isDone()) {
                return;
            }
            boolean again = pending.isFailed() && isTransient(pending.error());
            Asked<?> done = asked;
            if (again) {
                pending = done.request().apply(door);
                return;
            }
            asked = null;
            done.take(pending);
        } else if (identity == null) {
            ask(door -> door.transactions().init(id, 600_000, null), answer -> identified(answer.value()));
        } else if (!current.isEmpty() && (mustAbort || finishing || random.nextInt(4) == 0)) {
            end(!mustAbort && random.nextInt(4) != 0);
        } else if (!finishing) {
            write(new TopicPartition("t", random.nextInt(ForeignProducerSim.PARTITIONS)));
        }
    }

    private static boolean isTransient(ErrorCode error) {
        return error == ErrorCode.CONCURRENT_TRANSACTIONS || error == ErrorCode.NOT_ENOUGH_REPLICAS;
    }

    private <T> void ask(Function<NodeDoor, Pending<T>> request, Consumer<Pending<T>> answered) {
        Asked<T> next = new Asked<>(request, answered);
        asked = next;
        pending = next.request().apply(door);
    }

    private void identified(ProducerIdentity next) {
        if (!next.equals(identity)) {
            sequences.clear();
        }
        identity = next;
    }

    private void write(TopicPartition partition) {
        if (!version.bumpsEpoch() && !added.contains(partition)) {
            ProducerIdentity producer = identity;
            current.add("begun " + lastValue);
            ask(door -> door.transactions().add(id, producer, Set.of(partition), version), answer -> {
                if (answer.isFailed()) {
                    mustAbort = true;
                } else {
                    added.add(partition);
                }
            });
            return;
        }
        String value = id + "-" + ++lastValue;
        int sequence = sequences.getOrDefault(partition, 0);
        ProducerIdentity producer = identity;
        current.add(value);
        fates.put(value, Fate.OPEN);
        places.put(value, partition);
        Enlistment how = version.bumpsEpoch() ? Enlistment.BY_WRITE : Enlistment.BEFORE;
        ask(
                door -> {
                    RecordBatch batch =
                            Records.batch(value).finish(producer.producerId(), producer.epoch(), sequence, true);
                    return door.append(partition, null, batch, new InTransaction(id, how));
                },
                answer -> {
                    if (answer.isFailed()) {
                        mustAbort = true;
                    } else {
                        sequences.put(partition, sequence + 1);
                    }
                });
    }

    private void end(boolean commit) {
        ProducerIdentity producer = identity;
        boolean failed = mustAbort;
        ask(door -> door.transactions().end(id, producer, commit, version), answer -> {
            // Whatever was acknowledged can be committed, in whichever life of the node.
            assertThat(!answer.isFailed() || failed)
                    .as(
                            "%s of %s by %s: %s %s",
                            commit ? "commit" : "abort", current, id, answer.error(), answer.message())
                    .isTrue();
            current.forEach(value -> fates.computeIfPresent(value, (key, open) -> commit ? Fate.VISIBLE : Fate.HIDDEN));
            current.clear();
            added.clear();
            mustAbort = false;
            if (failed) {
                identity = null; // as a client that cannot know its sequences any more
            } else {
                identified(version.bumpsEpoch() ? answer.value() : producer);
            }
        });
    }
}
