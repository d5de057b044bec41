package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of Kafka's own Java client, in which every end bumps the epoch, and what operators do with them. */
@Timeout(60)
class JavaTransactionIT {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final TopicPartition OUT = new TopicPartition("out", 0);
    private static final TopicPartition MORE = new TopicPartition("out", 1);
    private static final String GROUP = "copiers";

    @TempDir
    Path directory;

    private RestartableNode node;
    private Admin admin;

    @BeforeEach
    void serve() throws Exception {
        node = new RestartableNode(directory);
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
        admin.createTopics(List.of(new NewTopic("in", 1, (short) 1), new NewTopic("out", 2, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private KafkaProducer<String, String> producer(String id) {
        var producer = producer(id, Map.of());
        producer.initTransactions();
        return producer;
    }

    private KafkaProducer<String, String> producer(String id, Map<String, Object> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        config.put("transactional.id", id);
        config.put("linger.ms", 0);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String isolation) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                node.address(),
                "group.id",
                GROUP,
                "isolation.level",
                isolation,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "default.api.timeout.ms",
                20_000);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private List<String> read(String isolation, int count) {
        try (var consumer = consumer(isolation)) {
            consumer.assign(List.of(OUT, MORE));
            consumer.seekToBeginning(List.of(OUT, MORE));
            var values = new ArrayList<String>();
            while (values.size() < count) {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
            }
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
            return values;
        }
    }

    private static void send(KafkaProducer<String, String> producer, TopicPartition to, String value) throws Exception {
        producer.send(new ProducerRecord<>(to.topic(), to.partition(), "k", value))
                .get();
    }

    private TransactionDescription describe(String id) throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get();
    }

    private long end(TopicPartition partition, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    @Test
    void aCommitShowsRecordsAndAnAbortDoesNotAndEachBumpsTheEpoch() throws Exception {
        try (var producer = producer("tx")) {
            var before = describe("tx").producerEpoch();
            for (var i = 0; i < 4; i++) {
                producer.beginTransaction();
                send(producer, OUT, "a" + i);
                send(producer, MORE, "b" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            assertThat(describe("tx").producerEpoch()).isEqualTo(before + 4);
            assertThat(describe("tx").state()).isEqualTo(TransactionState.COMPLETE_ABORT);
        }
        assertThat(read("read_committed", 4)).containsExactlyInAnyOrder("a0", "b0", "a2", "b2");
        assertThat(read("read_uncommitted", 8)).hasSize(8);
    }

    @Test
    void whatIsReadIsCopiedExactlyOnceAndAZombieIsFenced() throws Exception {
        try (var source = producer("source")) {
            source.beginTransaction();
            for (var i = 0; i < 20; i++) {
                source.send(new ProducerRecord<>("in", "k", "v" + i));
            }
            source.commitTransaction();
        }
        ConsumerGroupMetadata zombie;
        try (var copier = producer("copier");
                var consumer = consumer("read_committed")) {
            consumer.subscribe(List.of("in"));
            var copied = 0;
            while (copied < 20) {
                var records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    continue;
                }
                copier.beginTransaction();
                for (var record : records) {
                    copier.send(new ProducerRecord<>("out", 0, "k", "copy of " + record.value()));
                    copied++;
                }
                var positions = Map.of(IN, new OffsetAndMetadata(consumer.position(IN)));
                copier.sendOffsetsToTransaction(positions, consumer.groupMetadata());
                copier.commitTransaction();
            }
            // 20 records, the marker, and the position behind them
            assertThat(consumer.committed(Set.of(IN)).get(IN).offset()).isGreaterThanOrEqualTo(20);
            zombie = consumer.groupMetadata();
        }
        try (var consumer = consumer("read_committed");
                var copier = producer("copier-2")) {
            consumer.subscribe(List.of("in"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(POLL);
            }
            copier.beginTransaction();
            var positions = Map.of(IN, new OffsetAndMetadata(1));
            assertThatThrownBy(() -> {
                        copier.sendOffsetsToTransaction(positions, zombie);
                        copier.commitTransaction();
                    })
                    .isInstanceOfAny(CommitFailedException.class, KafkaException.class)
                    .hasStackTraceContaining("CommitFailedException");
            copier.abortTransaction();
            assertThat(consumer.committed(Set.of(IN)).get(IN).offset()).isGreaterThanOrEqualTo(20);
        }
        assertThat(read("read_committed", 20)).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void positionsOfAnOpenTransactionAreNotReadUntilItEnds() throws Exception {
        try (var producer = producer("tx");
                var consumer = consumer("read_committed")) {
            producer.beginTransaction();
            send(producer, OUT, "a");
            producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(7)), consumer.groupMetadata());
            producer.flush();
            while (describe("tx").topicPartitions().size() < 2) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> consumer.committed(Set.of(IN), Duration.ofMillis(300)))
                    .isInstanceOf(TimeoutException.class);
            assertThat(end(OUT, IsolationLevel.READ_COMMITTED)).isZero();
            assertThat(end(OUT, IsolationLevel.READ_UNCOMMITTED)).isEqualTo(1);
            producer.commitTransaction();
            assertThat(consumer.committed(Set.of(IN)).get(IN).offset()).isEqualTo(7);
            assertThat(end(OUT, IsolationLevel.READ_COMMITTED)).isEqualTo(2);
        }
    }

    @Test
    void theNextProducerOfAnIdFencesTheOneBefore() throws Exception {
        try (var old = producer("tx")) {
            old.beginTransaction();
            send(old, OUT, "lost");
            try (var next = producer("tx")) {
                assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);
                next.beginTransaction();
                send(next, OUT, "kept");
                next.commitTransaction();
            }
        }
        assertThat(read("read_committed", 1)).containsExactly("kept");
    }

    @Test
    void aTransactionThatIsOpenForTooLongIsAbortedAndItsProducerGoesOnAfterAnAbort() throws Exception {
        try (var slow = producer("slow", Map.of("transaction.timeout.ms", 400))) {
            slow.initTransactions();
            slow.beginTransaction();
            send(slow, OUT, "late");
            while (describe("slow").state() == TransactionState.ONGOING) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }
        try (var quick = producer("slow")) {
            quick.beginTransaction();
            send(quick, OUT, "in time");
            quick.commitTransaction();
        }
        assertThat(read("read_committed", 1)).containsExactly("in time");
        try (var endless = producer("endless", Map.of("transaction.timeout.ms", 900_001))) {
            assertThatThrownBy(endless::initTransactions)
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("transaction.max.timeout.ms");
        }
    }

    @Test
    void operatorsSeeTransactionsAndEndWhatHangs() throws Exception {
        try (var open = producer("open-1");
                var done = producer("done-1")) {
            open.beginTransaction();
            send(open, OUT, "hangs");
            done.beginTransaction();
            send(done, MORE, "done");
            done.commitTransaction();

            var description = describe("open-1");
            assertThat(description.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(description.topicPartitions()).containsExactly(OUT);
            assertThat(description.transactionTimeoutMs()).isEqualTo(60_000);
            assertThat(description.transactionStartTimeMs()).isPresent();
            assertThat(describe("done-1").state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
            assertThatThrownBy(() -> describe("unknown"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TransactionalIdNotFoundException.class);

            assertThat(list(new ListTransactionsOptions())).containsExactlyInAnyOrder("open-1", "done-1");
            assertThat(list(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING))))
                    .containsExactly("open-1");
            assertThat(list(new ListTransactionsOptions().filterProducerIds(List.of(description.producerId()))))
                    .containsExactly("open-1");
            assertThat(list(new ListTransactionsOptions().filterOnDuration(3_600_000)))
                    .isEmpty();
            assertThat(list(new ListTransactionsOptions().filterOnTransactionalIdPattern("d.*")))
                    .containsExactly("done-1");
            assertThatThrownBy(() -> list(new ListTransactionsOptions().filterOnTransactionalIdPattern("(")))
                    .hasCauseInstanceOf(InvalidRegularExpression.class);

            abort(OUT);
            assertThat(end(OUT, IsolationLevel.READ_COMMITTED)).isEqualTo(2);
        }
        assertThat(read("read_committed", 1)).containsExactly("done");
    }

    private List<String> list(ListTransactionsOptions options) throws Exception {
        return admin.listTransactions(options).all().get().stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    /** As {@code kafka-transactions abort} does, from what the partition tells of its producers. */
    private void abort(TopicPartition partition) throws Exception {
        var producers = admin.describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers();
        assertThat(producers).hasSize(1);
        ProducerState hanging = producers.get(0);
        assertThat(hanging.currentTransactionStartOffset()).hasValue(0);
        assertThat(hanging.lastSequence()).isZero();
        admin.abortTransaction(new AbortTransactionSpec(
                        partition,
                        hanging.producerId(),
                        (short) hanging.producerEpoch(),
                        hanging.coordinatorEpoch().orElse(0)))
                .all()
                .get();
    }

    @Test
    void aTransactionGoesOnInTheNextLifeOfTheNode() throws Exception {
        try (var producer = producer("tx")) {
            producer.beginTransaction();
            send(producer, OUT, "before");
            node.restart();
            send(producer, OUT, "after");
            send(producer, MORE, "there too");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, OUT, "next");
            node.restart();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, OUT, "last");
            producer.commitTransaction();
        }
        assertThat(read("read_committed", 4)).containsExactlyInAnyOrder("before", "after", "there too", "last");
    }
}
