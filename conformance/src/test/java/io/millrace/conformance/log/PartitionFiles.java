package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What Kafka's tool must say of the files of a partition, whatever is in them. */
final class PartitionFiles {

    private PartitionFiles() {}

    /**
     * Nothing is wrong with any file of the partition, and the index of aborted transactions names those whose markers are in the
     * log. Answers what the tool printed of the log.
     */
    static Dump check(Path directory, boolean compacted, String... decoder) throws IOException {
        checkIndexes(directory);
        Dump.of(directory, ".snapshot").hasNoComplaint(false);
        Dump log = Dump.of(directory, ".log", options(decoder)).hasNoComplaint(compacted);
        List<String> aborted =
                Dump.of(directory, ".txnindex").hasNoComplaint(false).abortedTransactions();
        if (!compacted) {
            assertThat(aborted).isEqualTo(log.abortMarkers());
        }
        return log;
    }

    private static String[] options(String... decoder) {
        String[] options = new String[decoder.length + 2];
        options[0] = "--deep-iteration";
        options[1] = "--print-data-log";
        System.arraycopy(decoder, 0, options, 2, decoder.length);
        return options;
    }

    /** Every index is sane, and agrees with the log. */
    static void checkIndexes(Path directory) throws IOException {
        for (String suffix : List.of(".index", ".timeindex")) {
            Dump sanity = Dump.of(directory, suffix, "--index-sanity-check").hasNoComplaint(false);
            assertThat(sanity.out())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("Dumping ")
                            || line.endsWith("passed sanity check.")
                            || line.endsWith("is empty."));
            Dump verified = Dump.of(directory, suffix, "--verify-index-only").hasNoComplaint(false);
            assertThat(verified.linesWith("Dumping ")).isNotEmpty();
        }
    }
}
