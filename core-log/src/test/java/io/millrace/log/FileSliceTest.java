package io.millrace.log;

import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in files is handed out as it lies there, and what there is to read is counted without reading it. */
class FileSliceTest {

    private static final Map<String, String> SEGMENTS =
            Map.of("internal.segment.bytes", "1000", "index.interval.bytes", "150");
    private static final int BATCHES = 60;

    /** A log whose tail is not in memory: it was opened again. */
    private static PartitionLog logOnDisk(LogStorage storage) {
        PartitionLog log = open(storage, SEGMENTS, RecoveryHints.NONE);
        for (int i = 0; i < BATCHES; i++) {
            commit(log, batch("value", "x".repeat(i % 7 * 10)));
        }
        PartitionLog again = open(storage, SEGMENTS, RecoveryHints.NONE);
        again.advanceHighWatermark(2 * BATCHES);
        return again;
    }

    private static List<RecordBatch> batches(FileSlice slice) {
        ByteWriter out = new ByteWriter();
        slice.copyTo(out);
        List<RecordBatch> found = new ArrayList<>();
        for (int at = 0; at < out.size(); ) {
            RecordBatch one = RecordBatch.wrap(out.bytes(), at, out.size() - at);
            found.add(one);
            at += one.sizeInBytes();
        }
        return found;
    }

    @Test
    void aSliceIsWholeBatchesFromTheOneThatHasTheOffsetOnWithinSizeAndEnd() {
        LogView view = logOnDisk(new MemoryLogStorage()).view();
        assertThat(view.segmentCount()).isGreaterThan(5);
        int slices = 0;
        for (long from = 0; from < 2 * BATCHES; from++) {
            for (long upTo = from + 1; upTo <= 2 * BATCHES; upTo += 3) {
                for (int maxBytes : new int[] {1, 200, 400, 5000}) {
                    FileSlice slice = view.slice(from, maxBytes, upTo, 1).orElse(null);
                    List<RecordBatch> read = view.read(from, maxBytes, upTo);
                    if (slice != null) {
                        slices++;
                        List<RecordBatch> found = batches(slice);
                        RecordBatch last = found.get(found.size() - 1);
                        assertThat(found.get(0).baseOffset())
                                .isEqualTo(read.get(0).baseOffset());
                        assertThat(last.nextOffset())
                                .isLessThanOrEqualTo(Math.min(upTo, slice.endOffset()))
                                .isGreaterThan(from);
                        assertThat(slice.size()).isLessThanOrEqualTo(maxBytes);
                    }
                }
            }
        }
        assertThat(slices).isGreaterThan(1000);
    }

    @Test
    void littleIsToBeReadAndSoIsTheTailInMemory() {
        MemoryLogStorage storage = new MemoryLogStorage();
        assertThat(logOnDisk(storage).view().slice(0, 5000, 100, 1 << 20)).isEmpty();

        PartitionLog log = open(new MemoryLogStorage(), SEGMENTS, RecoveryHints.NONE);
        commit(log, batch("a"));
        assertThat(log.view().slice(0, 5000, 1, 1)).isEmpty();
    }

    @Test
    void aLentFileIsReadableAfterItWasDeleted(@TempDir Path directory) throws Exception {
        try (FileLogStorage storage = new FileLogStorage(directory)) {
            FileSlice slice = logOnDisk(storage).view().slice(0, 5000, 100, 1).orElseThrow();
            FileLease lease = slice.lend().orElseThrow();
            try (var files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            ByteBuffer bytes = ByteBuffer.allocate(slice.size());
            assertThat(lease.channel().read(bytes, slice.position())).isEqualTo(slice.size());
            assertThat(RecordBatch.wrap(bytes.array(), 0).isValidCrc()).isTrue();
            lease.giveBack();
        }
    }

    @Test
    void soManyFilesAreLentThatTheOthersFindRoom(@TempDir Path directory) {
        try (FileLogStorage storage = new FileLogStorage(directory, 8)) {
            FileSlice slice = logOnDisk(storage).view().slice(0, 5000, 100, 1).orElseThrow();
            List<FileLease> leases = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                leases.add(slice.lend().orElseThrow());
            }
            assertThat(slice.lend()).as("the copy serves").isEmpty();
            leases.get(0).giveBack();
            FileLease again = slice.lend().orElseThrow();
            assertThat(slice.lend()).isEmpty();
            again.giveBack();
            leases.subList(1, 4).forEach(FileLease::giveBack);
        }
    }

    @Test
    void bytesAreCountedOnFilesAsInMemoryAndAgainFromWhereTheCountEnded() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog onDisk = logOnDisk(storage);
        PartitionLog inMemory = open(new MemoryLogStorage(), Map.of(), RecoveryHints.NONE);
        for (int i = 0; i < BATCHES; i++) {
            commit(inMemory, batch("value", "x".repeat(i % 7 * 10)));
        }
        for (LogView view : List.of(onDisk.view(), inMemory.view())) {
            for (long from = 0; from < 2 * BATCHES; from += 5) {
                for (long upTo = from; upTo <= 2 * BATCHES; upTo += 7) {
                    long size = 0;
                    for (long at = from; ; ) {
                        List<RecordBatch> read = view.read(at, 1, upTo);
                        if (read.isEmpty()) {
                            break;
                        }
                        size += read.get(0).sizeInBytes();
                        at = read.get(0).nextOffset();
                    }
                    Extent whole = view.extent(from, upTo, Long.MAX_VALUE);
                    assertThat(whole.bytes()).as("%d to %d", from, upTo).isEqualTo(size);
                    Extent part = view.extent(from, upTo, 300);
                    Extent rest = view.extent(part.nextOffset(), upTo, Long.MAX_VALUE);
                    assertThat(part.bytes() + rest.bytes()).isEqualTo(size);
                }
            }
        }
    }
}
