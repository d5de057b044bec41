package io.millrace.server.command;

import io.millrace.record.CorruptBatchException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace log}: reads the segments of partitions without a node, of Millrace or of Kafka. */
@Command(
        name = "log",
        description = "Reads the files of partitions, without a node; those of Apache Kafka too.",
        synopsisSubcommandLabel = "COMMAND")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LogCommand {

    @Spec
    private CommandSpec command;

    @Command(name = "dump", description = "Prints the batches of a partition's directory, or its records.")
    int dump(
            @Parameters(paramLabel = "DIRECTORY", description = "Of a partition, or one with several of them.")
                    Path directory,
            @Option(names = "--records", description = "The records instead of the batches.") boolean records,
            @Option(names = "--json", description = "Print one JSON object per line.") boolean json)
            throws IOException {
        PrintStream out = Console.of(command).out();
        Report report = records
                ? new Report(out, json, "partition", "offset", "timestamp", "kind", "key", "value", "headers")
                : new Report(
                        out,
                        json,
                        "partition",
                        "segment",
                        "position",
                        "baseOffset",
                        "lastOffset",
                        "records",
                        "bytes",
                        "leaderEpoch",
                        "maxTimestamp",
                        "compression",
                        "producerId",
                        "producerEpoch",
                        "baseSequence",
                        "kind",
                        "crc");
        LogRows rows = new LogRows(report);
        try {
            for (Path partition : SegmentFile.partitions(directory)) {
                for (SegmentFile segment : SegmentFile.of(partition)) {
                    segment.forEach(records ? rows::records : rows::batch);
                }
            }
        } catch (CorruptBatchException e) {
            report.print();
            throw new CommandRefused(e.getMessage() + "; 'log verify' says what is sound.");
        }
        report.print();
        return 0;
    }

    @Command(
            name = "verify",
            description =
                    "Checks every batch and record, and the indexes: sizes, checksums, offsets, what is compressed.",
            footer = {
                "",
                "Exit codes: 0 all is sound, 1 something is not. The last segment of a node that was killed may end in a torn batch,",
                "which the node's next start cuts off; it also makes the indexes of that segment again."
            })
    int verify(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "DIRECTORY",
                            description = "Of partitions, or with several of them.")
                    List<Path> directories,
            @Option(names = "--json", description = "Print one JSON object per line.") boolean json)
            throws IOException {
        Report report = new Report(
                Console.of(command).out(), json, "partition", "segment", "batches", "records", "bytes", "problem");
        boolean isSound = true;
        for (Path directory : directories) {
            for (Path partition : SegmentFile.partitions(directory)) {
                long nextOffset = 0;
                AbortedCheck aborted = new AbortedCheck();
                for (SegmentFile segment : SegmentFile.of(partition)) {
                    SegmentCheck check = new SegmentCheck(segment, nextOffset, aborted);
                    check.run();
                    nextOffset = check.nextOffset();
                    isSound &= check.problem() == null;
                    report.row(
                            SegmentFile.name(partition),
                            segment.name(),
                            check.batches(),
                            check.records(),
                            segment.bytes(),
                            check.problem());
                }
            }
        }
        report.print();
        return isSound ? 0 : 1;
    }
}
