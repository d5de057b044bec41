package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction is open in {@code letters-0}, behind one record and before another. */
class TransactionsIT {

    @TempDir
    Path directory;

    private final Waiter waiter = new Waiter();
    private Cli cli;
    private LogClient client;
    private Transaction open;

    @BeforeEach
    void begin() throws Exception {
        cli = new Cli(directory);
        cli.runWith("before\n", "produce", "letters");
        client = cli.node().log().newClient(waiter);
        var producer = client.openProducer(ProducerOptions.transactional("payments"));
        await(producer.ready());
        open = producer.begin();
        var batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
        batch.append(System.currentTimeMillis(), null, "inside".getBytes(StandardCharsets.UTF_8), Header.NONE);
        await(open.append(new TopicPartition("letters", 0), batch));
        cli.runWith("behind\n", "produce", "letters");
    }

    @AfterEach
    void close() {
        client.close();
        cli.close();
    }

    private void await(Pending<?> pending) throws InterruptedException {
        assertThat(waiter.await(pending::isDone, Duration.ofSeconds(30), SystemClock.INSTANCE))
                .isTrue();
        pending.value();
    }

    @Test
    void idsAreListedByStateAndAge() throws Exception {
        assertThat(cli.run("transactions", "list", "--json").out())
                .containsPattern("\"transactionalId\":\"payments\",\"producerId\":\\d+,\"state\":\"Ongoing\"");
        assertThat(cli.run("transactions", "list", "--state", "Ongoing").lines())
                .hasSize(2);
        assertThat(cli.run("transactions", "list", "--state", "CompleteCommit").out())
                .isEmpty();
        assertThat(cli.run("transactions", "list", "--longer-than", "PT1H").out())
                .isEmpty();
        assertThat(cli.run("transactions", "list", "--state", "Sleeping").err()).contains("there is no state");

        await(open.commit());
        await(open.completed());
        assertThat(cli.run("transactions", "list").out()).contains("CompleteCommit");
    }

    @Test
    void anIdIsDescribedWithItsPartitions() {
        assertThat(cli.run("transactions", "describe", "payments", "--json").out())
                .contains("\"transactionalId\":\"payments\"", "\"state\":\"Ongoing\"", "\"partitions\":[\"letters-0\"]")
                .containsPattern("\"started\":\"20\\d\\d-");
        var unknown = cli.run("transactions", "describe", "nobody");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("TRANSACTIONAL_ID_NOT_FOUND");
    }

    @Test
    void whatHangsIsShownAndEndedSoThatReadersGoOn() {
        assertThat(cli.run("consume", "letters", "--read-committed").out()).isEqualTo("before\n");
        assertThat(cli.run("transactions", "hanging", "letters").out()).isEmpty();
        assertThat(cli.run("transactions", "hanging", "letters", "--longer-than", "PT0S", "--json")
                        .out())
                .startsWith("{\"topic\":\"letters\",\"partition\":0,\"producerId\":")
                .contains("\"startOffset\":1,");

        var nothing = cli.run("transactions", "abort", "--topic", "letters", "--partition", "0", "--start-offset", "0");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.err()).contains("no open transaction of letters-0 begins at offset 0");
        var aborted = cli.run("transactions", "abort", "--topic", "letters", "--partition", "0", "--start-offset", "1");
        assertThat(aborted.code()).as(aborted.err()).isZero();

        assertThat(cli.run("consume", "letters", "--read-committed").out()).isEqualTo("before\nbehind\n");
        assertThat(cli.run("transactions", "hanging", "letters", "--longer-than", "PT0S")
                        .out())
                .isEmpty();
        assertThat(cli.run("transactions", "abort", "--topic", "letters").code())
                .isEqualTo(2);
    }
}
