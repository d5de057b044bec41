package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Writers that remember what they were promised, over many lives of a node. */
final class CrashWorkload {

    private static final int PARTITIONS = 3;
    private static final int WRITERS = 2;
    private static final TopicPartition SOURCE = new TopicPartition("source", 0);

    /** What is known of a transaction: in which partitions it wrote, and how it must have ended. */
    private enum Fate {
        COMMITTED,
        NOT_COMMITTED,
        UNKNOWN
    }

    private static final class Written {
        private final Set<TopicPartition> partitions = new HashSet<>();
        private Fate fate = Fate.NOT_COMMITTED;
    }

    /** One transactional writer; its transactions are numbered, and the number is also the position it commits. */
    private final class Writer {
        private final int index;
        private Producer producer;
        private Transaction transaction;
        private Written current;
        private Pending<Void> decided;
        private boolean committing;
        private final List<Pending<?>> parts = new ArrayList<>();

        Writer(int index) {
            this.index = index;
        }

        void begin() {
            producer = client.openProducer(ProducerOptions.transactional("writer-" + index));
            log.answer(producer.ready());
            transaction = null;
            decided = null;
        }

        void step() {
            if (decided != null) {
                if (decided.isDone() && committing) {
                    current.fate = decided.isFailed() ? Fate.UNKNOWN : Fate.COMMITTED;
                }
                if (transaction.completed().isDone()) {
                    next(transaction.completed().isFailed());
                }
            } else if (transaction == null) {
                transaction = producer.begin();
                current = new Written();
                parts.clear();
                transactions.put(++lastNumber, current);
            } else if (parts.stream().anyMatch(part -> part.isDone() && part.isFailed())) {
                next(true);
            } else if (parts.stream().allMatch(Pending::isDone) && !parts.isEmpty() && random.nextInt(4) == 0) {
                end();
            } else if (random.nextInt(3) == 0) {
                write();
            }
        }

        /** @param failed it was open for too long, and another producer must go on */
        private void next(boolean failed) {
            transaction = null;
            decided = null;
            if (failed) {
                begin();
            }
        }

        private void write() {
            String value = "tx-" + lastNumberOf(current);
            if (random.nextInt(4) == 0 && parts.stream().noneMatch(part -> part == position)) {
                position = transaction.commitOffsets(
                        "group-" + index, Map.of(SOURCE, new CommittedOffset(lastNumberOf(current))));
                parts.add(position);
                return;
            }
            TopicPartition partition = partition();
            if (current.partitions.add(partition)) {
                parts.add(transaction.append(partition, Records.batch(value)));
            }
        }

        private Pending<Void> position;

        private void end() {
            committing = random.nextInt(4) != 0;
            if (committing) {
                // Always with a position, so that it can be compared with what is visible.
                Pending<Void> last = transaction.commitOffsets(
                        "group-" + index, Map.of(SOURCE, new CommittedOffset(lastNumberOf(current))));
                log.until(last::isDone);
                if (last.isFailed()) {
                    next(true);
                    return;
                }
                current.fate = Fate.UNKNOWN;
                decided = transaction.commit();
            } else {
                decided = transaction.abort();
            }
            endedBy.put(lastNumberOf(current), index);
        }
    }

    private final Random random;
    private final Map<Integer, Written> transactions = new HashMap<>();
    private final Map<Integer, Integer> endedBy = new HashMap<>();
    private final Map<TopicPartition, List<String>> acknowledged = new HashMap<>();
    private final Map<Pending<Appended>, String> plain = new HashMap<>();
    private final List<Writer> writers = new ArrayList<>();
    private int lastNumber;
    private int lastPlain;
    private SteppedLog log;
    private LogClient client;
    private Producer idempotent;

    CrashWorkload(Random random) {
        this.random = random;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i));
        }
    }

    int transactionsSeen() {
        return transactions.size();
    }

    /** A new life: everything promised so far is looked for, then the writers go on. */
    void begin(SteppedLog next) {
        log = next;
        client = next.client();
        if (client.describeTopic("t").isFailed()) {
            log.answer(client.createTopic(new NewTopic("t", PARTITIONS)));
        }
        plain.clear();
        idempotent = client.openProducer(ProducerOptions.idempotent());
        log.answer(idempotent.ready());
        writers.forEach(Writer::begin);
        log.settle();
        check();
    }

    void step() {
        client.poll(log.nowMs());
        plain.entrySet().removeIf(entry -> {
            if (!entry.getKey().isDone()) {
                return false;
            }
            entry.getKey().value();
            String[] where = entry.getValue().split("@");
            acknowledged
                    .computeIfAbsent(new TopicPartition("t", Integer.parseInt(where[1])), id -> new ArrayList<>())
                    .add(where[0]);
            return true;
        });
        switch (random.nextInt(6)) {
            case 0 -> {
                TopicPartition partition = partition();
                String value = "plain-" + ++lastPlain;
                plain.put(idempotent.append(partition, Records.batch(value)), value + "@" + partition.partition());
            }
            case 1, 2, 3 -> writers.get(random.nextInt(WRITERS)).step();
            default -> {
                // the node alone
            }
        }
    }

    private TopicPartition partition() {
        return new TopicPartition("t", random.nextInt(PARTITIONS));
    }

    private int lastNumberOf(Written written) {
        for (int number = lastNumber; number > 0; number--) {
            if (transactions.get(number) == written) {
                return number;
            }
        }
        throw new IllegalStateException();
    }

    private void check() {
        Map<TopicPartition, List<String>> visible = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            TopicPartition partition = new TopicPartition("t", i);
            List<String> values = Records.committed(client, partition);
            assertThat(values).as("%s", partition).doesNotHaveDuplicates();
            assertThat(values).as("%s", partition).containsAll(acknowledged.getOrDefault(partition, List.of()));
            visible.put(partition, values);
        }
        Map<Integer, Long> positions = new HashMap<>();
        transactions.forEach((number, written) -> {
            long seen = written.partitions.stream()
                    .filter(partition -> visible.get(partition).contains("tx-" + number))
                    .count();
            boolean all = seen == written.partitions.size();
            if (written.fate == Fate.COMMITTED) {
                assertThat(all)
                        .as("committed transaction %d is visible", number)
                        .isTrue();
            } else if (written.fate == Fate.NOT_COMMITTED) {
                assertThat(seen)
                        .as("transaction %d was never committed", number)
                        .isZero();
            } else {
                assertThat(all || seen == 0)
                        .as("transaction %d is visible in %d of %d", number, seen, written.partitions.size())
                        .isTrue();
                if (!written.partitions.isEmpty()) {
                    written.fate = all ? Fate.COMMITTED : Fate.NOT_COMMITTED;
                }
            }
            if (written.fate == Fate.COMMITTED) {
                positions.merge(endedBy.get(number), (long) number, Math::max);
            }
        });
        for (Writer writer : writers) {
            CommittedOffset found =
                    log.answer(client.committedOffsets("group-" + writer.index)).get(SOURCE);
            Long expected = positions.get(writer.index);
            if (expected != null) {
                assertThat(found).as("position of writer %d", writer.index).isNotNull();
                assertThat(found.offset()).isGreaterThanOrEqualTo(expected);
                // A later transaction that only moved the position may have been decided without an answer.
                Written last = transactions.get((int) found.offset());
                assertThat(found.offset() == expected || last.partitions.isEmpty() && last.fate != Fate.NOT_COMMITTED)
                        .as("position %d of writer %d, last visible %d", found.offset(), writer.index, expected)
                        .isTrue();
            }
        }
    }
}
