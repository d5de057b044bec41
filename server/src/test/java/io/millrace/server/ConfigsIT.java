package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigsIT {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void open() throws Exception {
        cli = new Cli(directory);
        cli.run("topics", "create", "orders", "--config", "retention.ms=1000");
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @Test
    void aTopicShowsWhatWasSetAndWithAllItsDefaultsToo() {
        assertThat(cli.run("configs", "describe", "topic", "orders", "--json").lines())
                .contains("{\"name\":\"retention.ms\",\"value\":\"1000\",\"source\":\"topic\",\"readOnly\":false,"
                        + "\"sensitive\":false}")
                .noneMatch(line -> line.contains("segment.bytes"));
        assertThat(cli.run("configs", "describe", "topic", "orders", "--all").out())
                .containsPattern("segment.bytes +1073741824 +default");
    }

    @Test
    void configurationsAreSetAndPutBackAllOrNone() {
        var altered = cli.run(
                "configs", "alter", "topic", "orders", "--set", "cleanup.policy=compact", "--delete", "retention.ms");
        assertThat(altered.code()).as(altered.err()).isZero();
        assertThat(own()).contains("cleanup.policy").doesNotContain("retention.ms");

        var refused = cli.run(
                "configs", "alter", "topic", "orders", "--set", "retention.ms=5", "--set", "cleanup.policy=shred");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("topic orders: INVALID_CONFIG").contains("cleanup.policy");
        assertThat(own()).doesNotContain("retention.ms");

        var dry = cli.run("configs", "alter", "topic", "orders", "--set", "retention.ms=5", "--dry-run");
        assertThat(dry.err()).contains("nothing was done");
        assertThat(own()).doesNotContain("retention.ms");
    }

    private String own() {
        return cli.run("configs", "describe", "topic", "orders").out();
    }

    @Test
    void aNodeIsNamedByItsIdAndAllNodesByNoName() {
        assertThat(cli.run("configs", "alter", "broker", "1", "--set", "log.retention.ms=12345")
                        .code())
                .isZero();
        assertThat(cli.run("configs", "describe", "broker", "1").out()).containsPattern("log.retention.ms +12345");
        assertThat(cli.run("configs", "alter", "broker", "", "--set", "message.max.bytes=2000000")
                        .code())
                .isZero();
        assertThat(cli.run("configs", "describe", "broker", "1").out()).containsPattern("message.max.bytes +2000000");
        assertThat(cli.run("configs", "describe", "broker", "7").err()).contains("there is no node 7; there are [1]");
        assertThat(cli.run("configs", "describe", "broker", "one").err()).contains("node.id, a number, not 'one'");
    }

    @Test
    void aGroupHasConfigurationsOfItsOwn() {
        var altered = cli.run("configs", "alter", "group", "readers", "--set", "consumer.heartbeat.interval.ms=6000");
        assertThat(altered.code()).as(altered.err()).isZero();

        assertThat(cli.run("configs", "describe", "group", "readers", "--json").out())
                .contains("\"name\":\"consumer.heartbeat.interval.ms\",\"value\":\"6000\",\"source\":\"group\"");
    }

    @Test
    void whatIsNotThereAndWhatSaysNothingIsRefused() {
        assertThat(cli.run("configs", "describe", "topic", "others").err()).contains("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(cli.run("configs", "alter", "topic", "orders").err()).contains("say what to change");
        assertThat(cli.run("configs", "describe", "user", "me").code()).isEqualTo(2);
    }
}
