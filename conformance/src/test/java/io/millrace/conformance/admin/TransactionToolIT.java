package io.millrace.conformance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.TransactionsCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kafka-transactions shows of transactions, and how operators end one. */
class TransactionToolIT {

    private static final String BOOTSTRAP = "--bootstrap-server";
    private static final String ID = "orders";
    private static final String TOPIC = "flights";

    /** The first ones of each table. */
    private static final Set<String> HEADINGS = Set.of("TransactionalId", "CoordinatorId", "ProducerId", "Topic");

    @TempDir
    Path directory;

    private ConfiguredNode node;

    @BeforeEach
    void serve() throws Exception {
        node = new ConfiguredNode(directory.resolve("data"), Map.of());
        var made = Tool.run(TopicCommand.class, BOOTSTRAP, node.address(), "--create", "--topic", TOPIC);
        assertThat(made.status()).as(made.out()).isZero();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Tool.Outcome transactions(String... args) throws Exception {
        var all = new String[args.length + 2];
        all[0] = BOOTSTRAP;
        all[1] = node.address();
        System.arraycopy(args, 0, all, 2, args.length);
        return Tool.run(TransactionsCommand.class, all);
    }

    /** The one row of a table below its headings, by column. */
    private List<String> row(String... args) throws Exception {
        var rows = rows(args);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private List<List<String>> rows(String... args) throws Exception {
        var outcome = transactions(args);
        assertThat(outcome.status()).as(outcome.out()).isZero();
        var lines = outcome.out().lines().map(TransactionToolIT::words).toList();
        var headings = IntStream.range(0, lines.size())
                .filter(i -> HEADINGS.contains(lines.get(i).get(0)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no table in " + outcome.out()));
        // What clients log comes between, in many more words; the last column may be empty.
        return lines.stream()
                .skip(headings + 1)
                .filter(words -> Math.abs(words.size() - lines.get(headings).size()) <= 1)
                .toList();
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.trim().split("\\s+"));
    }

    private KafkaProducer<String, String> producer() {
        var config = new Properties();
        config.put("bootstrap.servers", node.address());
        config.put("transactional.id", ID);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    @Test
    void anOpenTransactionIsShownFromItsBeginningToItsEnd() throws Exception {
        assertThat(rows("list")).isEmpty();
        try (var producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            var offset = producer.send(new ProducerRecord<>(TOPIC, "a")).get().offset();

            var listed = row("list");
            assertThat(listed.get(0)).isEqualTo(ID);
            assertThat(listed.get(3)).isEqualTo("Ongoing");
            var id = listed.get(2);
            assertThat(row("describe", "--transactional-id", ID))
                    .startsWith(listed.get(1), ID, id)
                    .contains("Ongoing", TOPIC + "-0");
            var shown = row("describe-producers", "--topic", TOPIC, "--partition", "0");
            assertThat(shown.get(0)).isEqualTo(id);
            assertThat(shown.get(3)).isEqualTo("0");
            assertThat(shown.get(5)).isEqualTo(Long.toString(offset));
            assertThat(rows("find-hanging", "--topic", TOPIC, "--max-transaction-timeout", "0"))
                    .isEmpty();

            producer.commitTransaction();
            assertThat(row("list").get(3)).isEqualTo("CompleteCommit");
            assertThat(row("describe-producers", "--topic", TOPIC, "--partition", "0")
                            .get(5))
                    .isEqualTo("None");
        }
    }

    @Test
    void whatIsNotThereIsAnErrorWithAStatus() throws Exception {
        var unknown = transactions("describe", "--transactional-id", "nobody");
        assertThat(unknown.status()).isOne();
        assertThat(unknown.out()).contains("the ID could not be found");
        var nowhere = transactions("abort", "--topic", TOPIC, "--partition", "0", "--start-offset", "3");
        assertThat(nowhere.status()).isOne();
        assertThat(nowhere.out()).contains("Could not find any open transactions starting at offset 3");
    }

    @Test
    void anOperatorEndsATransactionWhoseProducerIsGone() throws Exception {
        try (var producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "a")).get();
            assertThat(transactions("forceTerminateTransaction", "--transactionalId", ID)
                            .status())
                    .isZero();
            assertThat(row("describe", "--transactional-id", ID)).contains("Empty");
            assertThat(row("describe-producers", "--topic", TOPIC, "--partition", "0")
                            .get(5))
                    .isEqualTo("None");
        }
    }

    @Test
    void anOperatorFreesAPartitionFromATransactionThatHangs() throws Exception {
        try (var producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            var offset = producer.send(new ProducerRecord<>(TOPIC, "a")).get().offset();
            var aborted = transactions(
                    "abort", "--topic", TOPIC, "--partition", "0", "--start-offset", Long.toString(offset));
            assertThat(aborted.status()).as(aborted.out()).isZero();
            assertThat(row("describe-producers", "--topic", TOPIC, "--partition", "0")
                            .get(5))
                    .isEqualTo("None");
        }
    }
}
