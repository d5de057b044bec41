package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.tools.DumpLogSegments;

/** What {@code DumpLogSegments} of Apache Kafka says about the files of one suffix in a partition directory. */
record Dump(List<String> out, List<String> complaints) {

    /** A line of a batch. */
    record Batch(
            long baseOffset,
            long lastOffset,
            int count,
            long producerId,
            boolean isTransactional,
            boolean isControl,
            boolean hasDeleteHorizon,
            String codec) {}

    /** A line of a data record. */
    record Entry(long offset, String key, String payload) {}

    private static final Pattern BATCH = Pattern.compile(
            "baseOffset: (\\d+) lastOffset: (\\d+) count: (\\d+) baseSequence: (-?\\d+) lastSequence: (-?\\d+)"
                    + " producerId: (-?\\d+) producerEpoch: (-?\\d+) partitionLeaderEpoch: (-?\\d+)"
                    + " isTransactional: (\\w+) isControl: (\\w+) deleteHorizonMs: (\\S+) position: (\\d+)"
                    + " \\w+: (-?\\d+) size: (\\d+) magic: 2 compresscodec: (\\w+) crc: (\\d+) isvalid: (\\w+)");
    private static final Pattern ENTRY =
            Pattern.compile("\\| offset: (\\d+) .*? headerKeys: \\[[^]]*](?: key: (\\S*))?(?: payload: (.*))?");
    private static final Pattern ABORTED = Pattern.compile(
            "version: 0 producerId: (\\d+) firstOffset: \\d+ lastOffset: (\\d+) lastStableOffset: \\d+");
    private static final Pattern EXPECTED_GAP = Pattern.compile(" {2}-1 is followed by \\d+");

    /** Runs the tool over all files with this suffix, in order. */
    static Dump of(Path directory, String suffix, String... options) throws IOException {
        return of(files(directory, suffix), options);
    }

    /** Runs the tool over the last file with this suffix. */
    static Dump ofLast(Path directory, String suffix, String... options) throws IOException {
        List<String> files = files(directory, suffix);
        return of(files.subList(files.size() - 1, files.size()), options);
    }

    private static List<String> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(Path::toString)
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static Dump of(List<String> files, String... options) throws IOException {
        if (files.isEmpty()) {
            return new Dump(List.of(), List.of());
        }
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--files", String.join(",", files)));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            DumpLogSegments.main(arguments.toArray(new String[0]));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return new Dump(lines(printed), lines(complained));
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /**
     * Fails on anything the tool complains of. The deep iteration expects every file to begin at offset 0, also Kafka's own: that
     * one line is no complaint. Gaps within a file are, unless compaction may have left them.
     */
    Dump hasNoComplaint(boolean gapsAllowed) {
        List<String> real = complaints.stream()
                .filter(line -> !line.startsWith("Non-consecutive offsets in "))
                .filter(line -> !EXPECTED_GAP.matcher(line).matches())
                .filter(line -> !(gapsAllowed && line.matches(" {2}\\d+ is followed by \\d+")))
                .toList();
        assertThat(real).isEmpty();
        assertThat(out)
                .noneMatch(line -> line.contains("invalid bytes")
                        || line.contains("isvalid: false")
                        || line.contains("Error at offset")
                        || line.contains("Unknown record type"));
        return this;
    }

    List<Batch> batches() {
        List<Batch> found = new ArrayList<>();
        for (String line : out) {
            if (line.startsWith("baseOffset: ")) {
                Matcher fields = BATCH.matcher(line);
                assertThat(fields.matches()).as("the tool's line %s", line).isTrue();
                assertThat(fields.group(17)).isEqualTo("true");
                found.add(new Batch(
                        Long.parseLong(fields.group(1)),
                        Long.parseLong(fields.group(2)),
                        Integer.parseInt(fields.group(3)),
                        Long.parseLong(fields.group(6)),
                        Boolean.parseBoolean(fields.group(9)),
                        Boolean.parseBoolean(fields.group(10)),
                        !fields.group(11).equals("OptionalLong.empty"),
                        fields.group(15)));
            }
        }
        return found;
    }

    List<Entry> entries() {
        List<Entry> found = new ArrayList<>();
        for (String line : out) {
            if (line.startsWith("| offset: ") && !line.contains("endTxnMarker")) {
                Matcher fields = ENTRY.matcher(line);
                assertThat(fields.matches()).as("the tool's line %s", line).isTrue();
                found.add(new Entry(
                        Long.parseLong(fields.group(1)),
                        String.valueOf(fields.group(2)),
                        String.valueOf(fields.group(3))));
            }
        }
        return found;
    }

    /** {@code producer at offset} of each marker that aborts, in a dump of a log. */
    List<String> abortMarkers() {
        List<String> found = new ArrayList<>();
        String producerId = "";
        for (String line : out) {
            Matcher batch = BATCH.matcher(line);
            if (batch.matches()) {
                producerId = batch.group(6);
            } else if (line.contains(" endTxnMarker: ABORT ")) {
                found.add(producerId + " at " + line.split(" ")[2]);
            }
        }
        return found;
    }

    /** {@code producer at offset} of the marker of each transaction, in a dump of the indexes of aborted ones. */
    List<String> abortedTransactions() {
        List<String> found = new ArrayList<>();
        for (String line : out) {
            if (!line.startsWith("Dumping ")) {
                Matcher fields = ABORTED.matcher(line);
                assertThat(fields.matches()).as("the tool's line %s", line).isTrue();
                found.add(fields.group(1) + " at " + fields.group(2));
            }
        }
        return found;
    }

    List<String> linesWith(String text) {
        return out.stream().filter(line -> line.contains(text)).toList();
    }
}
