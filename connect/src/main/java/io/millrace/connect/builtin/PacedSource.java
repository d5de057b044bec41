package io.millrace.connect.builtin;

import io.millrace.kernel.Clock;
import io.millrace.kernel.SystemClock;
import io.millrace.streams.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another source at a multiple of the speed at which it once happened: a replay of January in an hour or in a minute.
 *
 * <p>A record is due when as much time has passed since the first one as lies between their timestamps, divided by the speed.
 * A gap in event time that is longer than {@code gapMax} is not waited for. Nothing blocks: what is not due is not handed out.
 *
 * <p>A job that cannot keep up is not told: what has become due meanwhile is handed out at once, as the time of its play says.
 * After a restart the play goes on from the first record that is read then.
 */
public final class PacedSource<K, V> implements Source<K, V> {

    private static final long NANOS_PER_MS = 1_000_000;

    private final Source<K, V> source;
    private final double speed;
    private final Duration gapMax;
    private final Clock clock;

    /** As {@link #PacedSource(Source, double, Duration, Clock)}, by the clock of the system. */
    public PacedSource(Source<K, V> source, double speed, Duration gapMax) {
        this(source, speed, gapMax, SystemClock.INSTANCE);
    }

    /**
     * @param speed event time over wall-clock time, above 0; 3600 plays an hour in a second
     * @param gapMax longest stretch of event time without a record that is played
     * @param clock by which it is played; a test's own stands still until it is moved
     */
    public PacedSource(Source<K, V> source, double speed, Duration gapMax, Clock clock) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("the speed must be above 0, was " + speed);
        }
        this.source = source;
        this.speed = speed;
        this.gapMax = gapMax;
        this.clock = clock;
    }

    @Override
    public List<String> splits() {
        return source.splits();
    }

    @Override
    public Reader<K, V> open(String split, Map<String, String> position) throws Exception {
        return new PacedReader(source.open(split, position), position);
    }

    /** Takes one record at a time from the reader below, as a position is known only behind what a poll handed out. */
    private final class PacedReader implements Reader<K, V> {
        private final Reader<K, V> reader;
        private Map<String, String> position;
        private @Nullable Batch<K, V> held;
        private boolean started;
        private long firstEventMs;
        private long lastEventMs;
        private long firstNs;

        PacedReader(Reader<K, V> reader, Map<String, String> position) {
            this.reader = reader;
            this.position = position;
        }

        @Override
        public Batch<K, V> poll(int recordsMax) throws Exception {
            var due = new ArrayList<SourceRecord<K, V>>();
            while (due.size() < recordsMax) {
                var next = held == null ? reader.poll(1) : held;
                if (!next.records().isEmpty() && !isDue(next.records().get(0).timestampMs())) {
                    held = next;
                    break;
                }
                held = null;
                due.addAll(next.records());
                position = next.nextPosition();
                if (next.ended() || next.records().isEmpty()) {
                    return new Batch<>(due, position, next.ended());
                }
            }
            return new Batch<>(due, position, false);
        }

        @Override
        public double progress() {
            return reader.progress();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }

        private boolean isDue(long eventMs) {
            var nowNs = clock.nanoTime();
            if (!started || eventMs - lastEventMs > gapMax.toMillis()) {
                started = true;
                firstEventMs = eventMs;
                firstNs = nowNs;
            }
            var playedMs = (nowNs - firstNs) / (double) NANOS_PER_MS * speed;
            var due = eventMs - firstEventMs <= playedMs;
            if (due) {
                lastEventMs = eventMs;
            }
            return due;
        }
    }
}
