package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.Agent;
import io.millrace.kernel.AgentRunner;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.IdleStrategy;
import io.millrace.kernel.SystemClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers and a reader, each on a thread that parks when it has nothing to do, on a node with real threads and files: nobody
 * sleeps for ever, and the reader sees every committed transaction once and no aborted one.
 */
@Timeout(120)
final class ManyClientsStress {

    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 150;
    private static final int PARTITIONS = 2;

    @TempDir
    Path directory;

    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(WRITERS + 1);

    /** Commits two of three transactions and aborts the third, one after the other. */
    private final class Writer implements Agent {
        private final int index;
        private final LogClient client;
        private final Producer producer;
        private final List<Pending<?>> parts = new ArrayList<>();
        private Transaction transaction;
        private Pending<ProducerIdentity> completed;
        private int number;

        Writer(int index, LogNode node, Doorbell bell) {
            this.index = index;
            this.client = node.newClient(bell);
            this.producer = client.openProducer(ProducerOptions.transactional("writer-" + index));
        }

        @Override
        public String name() {
            return "writer-" + index;
        }

        @Override
        public int step() {
            int sent = client.poll(0);
            if (!producer.ready().isDone() || number > TRANSACTIONS) {
                return sent;
            }
            if (completed != null) {
                if (!completed.isDone()) {
                    return sent;
                }
                completed.value();
                completed = null;
                transaction = null;
            }
            if (transaction == null) {
                if (++number > TRANSACTIONS) {
                    done.countDown();
                    return 1;
                }
                transaction = producer.begin();
                parts.clear();
                for (int p = 0; p < PARTITIONS; p++) {
                    Pending<Appended> part =
                            transaction.append(new TopicPartition("t", p), Records.batch(index + "-" + number));
                    parts.add(part);
                }
                parts.add(transaction.commitOffsets(
                        name(), Map.of(new TopicPartition("t", 0), new CommittedOffset(number))));
                return 1;
            }
            for (Pending<?> part : parts) {
                if (!part.isDone()) {
                    return sent;
                }
            }
            if (number % 3 == 0) {
                transaction.abort();
            } else {
                transaction.commit();
            }
            completed = transaction.completed();
            return 1;
        }
    }

    /** Reads until it has seen all that is committed. */
    private final class Reader implements Agent {
        private final Subscription subscription;
        private final Set<String> seen = new HashSet<>();

        Reader(LogNode node, Doorbell bell) {
            subscription = node.newClient(bell).openSubscription(IsolationLevel.READ_COMMITTED, 4096);
            for (int p = 0; p < PARTITIONS; p++) {
                subscription.seek(new TopicPartition("t", p), 0);
            }
        }

        @Override
        public String name() {
            return "reader";
        }

        @Override
        public int step() {
            int work = 0;
            for (int p = 0; p < PARTITIONS; p++) {
                if (subscription.fetch(new TopicPartition("t", p)) instanceof FetchResult.Fetched fetched) {
                    for (String value : Records.values(fetched.batches(), fetched.fromOffset())) {
                        if (!seen.add(p + ":" + value)) {
                            throw new AssertionError(value + " was seen twice in partition " + p);
                        }
                        if (Integer.parseInt(value.substring(value.indexOf('-') + 1)) % 3 == 0) {
                            throw new AssertionError(value + " was aborted");
                        }
                        work++;
                    }
                }
            }
            if (work > 0 && seen.size() == WRITERS * PARTITIONS * TRANSACTIONS * 2 / 3) {
                done.countDown();
            }
            return work;
        }
    }

    @Test
    void everyCommittedTransactionIsReadOnceByAThreadThatIsWokenForIt() throws Exception {
        try (LogNode node = LogNode.open(directory, NodeConfig.DEFAULT, SystemClock.INSTANCE)
                .start((agent, fault) -> faults.add(fault))) {
            LogClient client = node.newClient(new Doorbell());
            Pending<?> created = client.createTopic(new NewTopic("t", PARTITIONS, Map.of("retention.ms", "-1")));
            while (!created.isDone()) {
                Thread.onSpinWait();
            }
            List<AgentRunner> runners = new ArrayList<>();
            Doorbell readerBell = new Doorbell();
            runners.add(runner(new Reader(node, readerBell), readerBell));
            for (int i = 0; i < WRITERS; i++) {
                Doorbell bell = new Doorbell();
                runners.add(runner(new Writer(i, node, bell), bell));
            }
            runners.forEach(AgentRunner::start);
            boolean finished = done.await(100, TimeUnit.SECONDS);
            runners.forEach(AgentRunner::close);

            assertThat(faults).isEmpty();
            assertThat(finished)
                    .as("somebody was not woken; still to come: %d", done.getCount())
                    .isTrue();
        }
    }

    private AgentRunner runner(Agent agent, Doorbell bell) {
        return new AgentRunner(
                agent.name(),
                bell,
                List.of(agent),
                SystemClock.INSTANCE,
                IdleStrategy.PARKING,
                (failed, fault) -> faults.add(fault));
    }
}
