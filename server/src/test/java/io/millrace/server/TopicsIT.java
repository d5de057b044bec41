package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsIT {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void open() throws Exception {
        cli = new Cli(directory);
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @Test
    void aTopicIsMadeShownAndDeleted() {
        assertThat(cli.run("topics", "create", "orders", "--partitions", "3", "--config", "retention.ms=-1")
                        .code())
                .isZero();

        assertThat(cli.run("topics", "list").lines())
                .containsExactly("TOPIC   PARTITIONS  REPLICAS  INTERNAL", "orders  3           1         false");
        assertThat(cli.run("topics", "describe", "orders", "--json").lines())
                .hasSize(3)
                .last()
                .asString()
                .contains("\"topic\":\"orders\"", "\"partition\":2", "\"leader\":1", "\"endOffset\":0");

        assertThat(cli.run("topics", "delete", "orders").code()).isZero();
        assertThat(cli.run("topics", "list").out()).isEmpty();
    }

    @Test
    void aTopicGetsMorePartitionsAndOtherConfigurations() {
        cli.run("topics", "create", "orders", "--config", "retention.ms=1000");

        var altered = cli.run(
                "topics",
                "alter",
                "orders",
                "--partitions",
                "3",
                "--config",
                "cleanup.policy=compact",
                "--delete-config",
                "retention.ms");
        assertThat(altered.code()).as(altered.err()).isZero();
        assertThat(cli.run("topics", "describe", "orders").out())
                .contains("orders: cleanup.policy=compact")
                .doesNotContain("retention.ms");
        assertThat(cli.run("topics", "describe", "orders", "--json").lines()).hasSize(3);

        var fewer = cli.run("topics", "alter", "orders", "--partitions", "2");
        assertThat(fewer.code()).isEqualTo(1);
        assertThat(fewer.err()).contains("topic orders: INVALID_PARTITIONS");
        assertThat(cli.run("topics", "alter", "others", "--partitions", "2").err())
                .contains("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(cli.run("topics", "alter", "orders", "--config", "no.such.key=1")
                        .err())
                .contains("INVALID_CONFIG");
    }

    @Test
    void whatCannotBeDoneIsRefusedWithOneSentence() {
        cli.run("topics", "create", "orders");

        var again = cli.run("topics", "create", "orders");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).startsWith("millrace: topic orders: TOPIC_ALREADY_EXISTS");
        assertThat(cli.run("topics", "create", "orders", "--if-not-exists").code())
                .isZero();

        assertThat(cli.run("topics", "delete", "others").err()).contains("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(cli.run("topics", "delete", "others", "--if-exists").code()).isZero();
        assertThat(cli.run("topics", "describe", "others").err()).contains("there is no topic others");
        assertThat(cli.run("topics", "create", "x", "--config", "nothing").err())
                .contains("--config takes key=value, not 'nothing'.");
        assertThat(cli.run("topics", "create", "x", "--partitions", "0").code()).isEqualTo(1);
        assertThat(cli.run("topics", "create").code()).isEqualTo(2);
        assertThat(cli.run("topics", "alter", "orders").err()).contains("say what to change");
    }

    @Test
    void aNodeThatIsNotThereIsNamed() {
        var refused = Cli.runAlone("", "topics", "list", "-b", "127.0.0.1:1");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("no node answers at 127.0.0.1:1").contains("--bootstrap");
        assertThat(Cli.runAlone("", "topics", "list", "-b", "here:there").err()).contains("an address is host:port");
    }
}
