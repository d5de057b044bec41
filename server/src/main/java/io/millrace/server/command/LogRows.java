package io.millrace.server.command;

import io.millrace.record.ControlRecord;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code log dump} prints of batches and records. */
final class LogRows {

    private final Report report;
    private final RecordCursor cursor = new RecordCursor();

    LogRows(Report report) {
        this.report = report;
    }

    void batch(SegmentFile segment, long position, RecordBatch batch) {
        report.row(
                partition(segment.path()),
                segment.name(),
                position,
                batch.baseOffset(),
                batch.lastOffset(),
                batch.recordCount(),
                batch.sizeInBytes(),
                batch.partitionLeaderEpoch(),
                batch.maxTimestamp(),
                batch.compression().configName(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                kind(batch),
                batch.isValidCrc() ? "ok" : "wrong");
    }

    private static String kind(RecordBatch batch) {
        return batch.isControl() ? "control" : batch.isTransactional() ? "transactional" : "plain";
    }

    void records(SegmentFile segment, long position, RecordBatch batch) {
        cursor.wrap(batch);
        while (cursor.next()) {
            report.row(
                    partition(segment.path()),
                    cursor.offset(),
                    cursor.timestamp(),
                    batch.isControl() ? control() : kind(batch),
                    batch.isControl() ? null : text(cursor.key()),
                    batch.isControl() ? null : text(cursor.value()),
                    headers());
        }
    }

    private String control() {
        try {
            return ControlRecord.read(cursor).type().name().toLowerCase(Locale.ROOT);
        } catch (CorruptBatchException e) {
            return "control"; // of a kind that clients never see, such as those of Kafka's quorum
        }
    }

    private List<String> headers() {
        return Arrays.stream(cursor.headers()).map(LogRows::header).toList();
    }

    private static String header(Header header) {
        return header.key() + "=" + text(header.value());
    }

    private static String partition(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? "" : SegmentFile.name(parent);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
