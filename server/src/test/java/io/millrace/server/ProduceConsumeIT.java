package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.GroupMember;
import io.millrace.server.client.NodeAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceConsumeIT {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void open() throws Exception {
        cli = new Cli(directory.resolve("node"));
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void linesComeBackAsTheyWere(String compression) {
        String lines =
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        var produced = cli.runWith(lines, "produce", "lines", "-z", compression);

        assertThat(produced.code()).as(produced.err()).isZero();
        assertThat(produced.err()).contains("20000 records written to lines.");
        assertThat(cli.run("consume", "lines").out()).isEqualTo(lines);
    }

    @Test
    void keysHeadersAndTombstonesAreWrittenAndShown() throws Exception {
        Path file = Files.writeString(directory.resolve("in.txt"), "a:1\nb:\nno key\n");

        cli.run("produce", "letters", "--file", file.toString(), "-K", ":", "--tombstones", "-H", "from=here");

        assertThat(cli.run("consume", "letters", "--format", "%t-%p@%o %k=%v %S/%K %h %%\\n")
                        .lines())
                .containsExactly(
                        "letters-0@0 a=1 1/1 from=here %",
                        "letters-0@1 b= -1/1 from=here %", "letters-0@2 =no key 6/-1 from=here %");
        assertThat(cli.run("consume", "letters", "--json", "--from", "1", "--count", "1")
                        .out())
                .startsWith("{\"topic\":\"letters\",\"partition\":0,\"offset\":1,\"timestamp\":")
                .contains("\"key\":\"b\",\"value\":null,\"headers\":[{\"key\":\"from\",\"value\":\"here\"}]}");
    }

    @Test
    void aPartOfATopicIsRead() {
        cli.runWith("a\nb\nc\nd\n", "produce", "letters");

        assertThat(cli.run("consume", "letters", "--from", "1", "--to", "3").out())
                .isEqualTo("b\nc\n");
        assertThat(cli.run("consume", "letters", "--from", "-1").out()).isEqualTo("d\n");
        assertThat(cli.run("consume", "letters", "--from", "end").out()).isEmpty();
        assertThat(cli.run("consume", "letters", "-n", "2").out()).isEqualTo("a\nb\n");
        assertThat(cli.run("consume", "letters", "--from", "PT1H").out()).isEqualTo("a\nb\nc\nd\n");
        assertThat(cli.run("consume", "letters", "--to", "2001-01-15").out()).isEmpty();
        assertThat(cli.run("consume", "letters", "--follow", "-n", "4").out()).isEqualTo("a\nb\nc\nd\n");
        assertThat(cli.run("consume", "letters", "--partition", "1").err()).contains("has partitions 0 to 0, no 1");
        assertThat(cli.run("consume", "letters", "--from", "yesterday").err()).contains("none of these");
        assertThat(cli.run("consume", "letters", "--format", "%q").err()).contains("%q means nothing");
    }

    @Test
    void keysGoWhereEveryKafkaClientFindsThem() {
        cli.run("topics", "create", "spread", "-p", "4");
        cli.runWith("a\t1\nb\t2\nc\t3\na\t4\n", "produce", "spread", "-K", "\t");

        // Murmur2 of these keys, as the Java producer has it.
        assertThat(cli.run("consume", "spread", "--format", "%k%p\\n").lines())
                .containsExactlyInAnyOrder("a0", "a0", "b0", "c2");
    }

    @Test
    void aGroupReadsWhatIsNewToIt() {
        cli.run("topics", "create", "letters", "-p", "2");
        cli.runWith("a\nb\n", "produce", "letters", "--partition", "0");
        cli.runWith("c\n", "produce", "letters", "--partition", "1");

        assertThat(cli.run("consume", "letters", "--group", "readers").lines())
                .containsExactlyInAnyOrder("a", "b", "c");
        cli.runWith("d\n", "produce", "letters");
        assertThat(cli.run("consume", "letters", "--group", "readers").out()).isEqualTo("d\n");
        assertThat(cli.run("consume", "letters", "--group", "readers").out()).isEmpty();
    }

    @Test
    void aMemberThatTheGroupHasGivenUpJoinsAgain() {
        cli.run("topics", "create", "letters", "-p", "2");
        var position = Map.of(new TopicPartition("letters", 0), 1L);
        try (var cluster = ClusterClient.open(NodeAddress.parseAll(cli.address()))) {
            var member = new GroupMember(cluster, "readers", List.of("letters"));
            assertThat(member.join()).hasSize(2);
            assertThat(member.commit(position)).isTrue();
            member.leave();

            assertThat(member.commit(position)).isFalse();

            assertThat(member.join()).hasSize(2);
            assertThat(member.commit(position)).isTrue();
        }
    }

    @Test
    void aPartitionThatIsNotThereIsRefusedBeforeTheInputIsRead() {
        cli.run("topics", "create", "letters", "-p", "2");

        var refused = cli.runWith("", "produce", "letters", "--partition", "2");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("partitions 0 to 1, no 2");
    }

    @Test
    void theWholeInputMayBeOneRecord() {
        cli.runWith("two\nlines\n", "produce", "texts", "--whole", "--key", "k");

        assertThat(cli.run("consume", "texts", "--format", "%k:%v|").out()).isEqualTo("k:two\nlines\n|");
    }

    @Test
    void whatIsAbortedOrStillOpenIsLeftOutIfThatIsAsked() throws Exception {
        cli.run("topics", "create", "letters");
        var waiter = new Waiter();
        try (var client = cli.node().log().newClient(waiter)) {
            var producer = client.openProducer(ProducerOptions.transactional("writer"));
            await(waiter, producer.ready());
            var aborted = write(waiter, producer.begin(), "aborted");
            await(waiter, aborted.abort());
            await(waiter, aborted.completed());
            var committed = write(waiter, producer.begin(), "committed");
            await(waiter, committed.commit());
            await(waiter, committed.completed());
            var open = write(waiter, producer.begin(), "open");
            cli.runWith("behind\n", "produce", "letters");

            assertThat(cli.run("consume", "letters", "--read-committed").out()).isEqualTo("committed\n");
            assertThat(cli.run("consume", "letters").out()).isEqualTo("aborted\ncommitted\nopen\nbehind\n");
            await(waiter, open.abort());
            await(waiter, open.completed());
            assertThat(cli.run("consume", "letters", "--read-committed").out()).isEqualTo("committed\nbehind\n");
        }
    }

    private static Transaction write(Waiter waiter, Transaction transaction, String value) throws InterruptedException {
        var batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
        batch.append(0, null, value.getBytes(StandardCharsets.UTF_8), Header.NONE);
        await(waiter, transaction.append(new TopicPartition("letters", 0), batch));
        return transaction;
    }

    private static void await(Waiter waiter, Pending<?> pending) throws InterruptedException {
        assertThat(waiter.await(pending::isDone, Duration.ofSeconds(30), SystemClock.INSTANCE))
                .isTrue();
        pending.value();
    }
}
