package io.millrace.server;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.server.command.CommandRefused;
import io.millrace.streams.runtime.JobReset;
import io.millrace.streams.runtime.SourcePositions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The log of a data directory, opened for one command that waits for its answers. Owned by the command's thread. */
final class OpenLog implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);
    private static final String LOG = "log";
    private static final String MARK = "meta.properties";

    private final Clock clock = SystemClock.INSTANCE;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private final LogNode node;
    private final LogClient client;

    /**
     * Opens a directory that is there already.
     *
     * @throws CommandRefused if there is none
     */
    OpenLog(Path directory) {
        if (!Files.isRegularFile(directory.resolve(LOG).resolve(MARK))) {
            throw new CommandRefused(directory + " is not a data directory of Millrace; name one with --data-dir.");
        }
        node = LogNode.open(directory.resolve(LOG), NodeConfig.DEFAULT, clock)
                .start((agent, failure) -> fault.set(failure));
        client = node.newClient(new Doorbell());
    }

    LogClient client() {
        return client;
    }

    /**
     * Waits for an answer.
     *
     * @throws io.millrace.client.LogException if it is a refusal
     * @throws CommandRefused if the log failed, or none comes within a minute
     */
    <T> T await(Pending<T> pending) {
        await(pending::isDone);
        return pending.value();
    }

    /** How far a job has read its foreign sources, by {@code source id/split}. */
    Map<String, Map<String, String>> sourcePositions(String job) {
        var reading = new SourcePositions(client, job);
        try {
            await(() -> {
                reading.step();
                return reading.isDone();
            });
            return reading.found();
        } finally {
            reading.close();
        }
    }

    /** Moves a job's positions and deletes its state. The job must have some. */
    void reset(String job, Map<TopicPartition, Long> offsets, JobReset.Sources sources) {
        var reset = new JobReset(client, job, new JobReset.Target.ToOffsets(offsets), sources);
        try {
            await(() -> {
                reset.step();
                return reset.isDone();
            });
        } finally {
            reset.close();
        }
    }

    private void await(BooleanSupplier condition) {
        var endNs = clock.nanoTime() + ANSWER_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            var failure = fault.get();
            if (failure != null) {
                throw new CommandRefused("the log failed: " + failure.getMessage());
            }
            if (clock.nanoTime() > endNs) {
                throw new CommandRefused("the log gave no answer within " + ANSWER_MAX.toSeconds() + " s; try again.");
            }
            client.poll(clock.wallMs());
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
