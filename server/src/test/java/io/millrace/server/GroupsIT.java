package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsIT {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void readTwoOfThree() throws Exception {
        cli = new Cli(directory);
        cli.runWith("a\nb\nc\n", "produce", "letters");
        cli.run("consume", "letters", "--group", "readers", "-n", "2");
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @Test
    void theLagIsShownInRecordsAndInTime() {
        assertThat(cli.run("groups", "list").lines().get(1))
                .startsWith("readers")
                .contains("consumer", "Empty");
        assertThat(cli.run("groups", "describe", "readers", "--json").out())
                .startsWith(
                        "{\"group\":\"readers\",\"topic\":\"letters\",\"partition\":0,\"position\":2,\"end\":3,\"lag\":1,"
                                + "\"behindSeconds\":")
                .doesNotContain("\"behindSeconds\":null");

        cli.run("consume", "letters", "--group", "readers");
        assertThat(cli.run("groups", "describe", "readers", "--json").out())
                .contains("\"position\":3,\"end\":3,\"lag\":0,\"behindSeconds\":0");
        assertThat(cli.run("groups", "describe", "others").err()).contains("there is no group others");
    }

    @Test
    void aGroupIsMovedOnlyIfThatIsSaid() {
        var dry = cli.run("groups", "reset", "readers", "--to-earliest");
        assertThat(dry.lines().get(1)).containsPattern("readers +letters +0 +2 +0");
        assertThat(dry.err()).contains("Nothing was done");
        assertThat(position()).isEqualTo(2);

        assertThat(cli.run("groups", "reset", "readers", "--to-earliest", "--execute")
                        .code())
                .isZero();
        assertThat(position()).isZero();
        cli.run("groups", "reset", "readers", "--shift-by", "2", "--execute");
        assertThat(position()).isEqualTo(2);
        cli.run("groups", "reset", "readers", "--shift-by", "-9", "--execute");
        assertThat(position()).isZero();
        cli.run("groups", "reset", "readers", "--topic", "letters:0", "--to-offset", "1", "--execute");
        assertThat(position()).isEqualTo(1);
        cli.run("groups", "reset", "readers", "--by-duration", "PT1H", "--execute");
        assertThat(position()).isZero();
        cli.run("groups", "reset", "readers", "--to-latest", "--execute");
        assertThat(position()).isEqualTo(3);
        cli.run("groups", "reset", "readers", "--to-datetime", "2001-01-15", "--execute");
        assertThat(position()).isZero();
        assertThat(cli.run("groups", "reset", "readers").code()).isEqualTo(2);
    }

    private long position() {
        var line = cli.run("groups", "describe", "readers", "--json").out();
        return Long.parseLong(line.replaceAll("(?s).*\"position\":(\\d+).*", "$1"));
    }

    @Test
    void aGroupIsDeleted() {
        assertThat(cli.run("groups", "delete", "readers").code()).isZero();

        assertThat(cli.run("groups", "list").out()).isEmpty();
        var again = cli.run("groups", "delete", "readers");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("GROUP_ID_NOT_FOUND");
    }
}
