package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Compression;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers on their own threads against a log that appends, rolls, syncs elsewhere and forgets its tail. */
class LogReadersStress {

    private static final int RECORDS = 30_000;

    @TempDir
    private Path folder;

    @Test
    void readersSeeEveryRecordOnceAndInOrderWhileTheLogGoesOn() throws InterruptedException {
        try (FileLogStorage storage = new FileLogStorage(folder, 8)) {
            PartitionLog log = Batches.open(
                    storage,
                    Map.of("internal.segment.bytes", "40000", "index.interval.bytes", "500", "durability", "os"),
                    RecoveryHints.NONE);
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            AtomicBoolean stopped = new AtomicBoolean();
            List<Thread> readers = List.of(
                    reader(log, 1, failure, stopped),
                    reader(log, 3_000, failure, stopped),
                    reader(log, 100_000, failure, stopped));
            readers.forEach(Thread::start);

            int next = 0;
            for (int round = 0; next < RECORDS && failure.get() == null; round++) {
                for (int batch = 0; batch < 3 && next < RECORDS; batch++) {
                    String[] values = new String[Math.min(1 + round % 7, RECORDS - next)];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = "v" + next++;
                    }
                    Compression compression = round % 50 == 0 ? Compression.LZ4 : Compression.NONE;
                    log.append(Batches.builder(compression, NOW, values).finish(), Origin.CLIENT, 0, NOW);
                }
                log.write();
                if (round % 20 == 0) {
                    log.synced(log.beginSync().run());
                }
                if (round % 333 == 0) {
                    log.retain(NOW); // twice in a row without an append gives the tail back
                    log.retain(NOW);
                }
                log.advanceHighWatermark(log.view().logEndOffset());
            }
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(log.view().logEndOffset()).isEqualTo(RECORDS);
        }
    }

    private static Thread reader(
            PartitionLog log, int maxBytes, AtomicReference<@Nullable Throwable> failure, AtomicBoolean stopped) {
        return new Thread(() -> {
            try {
                RecordCursor cursor = new RecordCursor();
                long position = 0;
                while (position < RECORDS && !stopped.get()) {
                    LogView view = log.view();
                    for (RecordBatch batch : view.read(position, maxBytes, view.highWatermark())) {
                        assertThat(batch.isValidCrc()).isTrue();
                        cursor.wrap(batch);
                        while (cursor.next()) {
                            assertThat(cursor.offset()).isEqualTo(position);
                            assertThat(Batches.text(cursor.value())).isEqualTo("v" + position);
                            position++;
                        }
                    }
                    Thread.onSpinWait();
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
                stopped.set(true);
            }
        });
    }
}
