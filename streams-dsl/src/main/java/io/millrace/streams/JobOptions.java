package io.millrace.streams;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a job runs. Immutable: every {@code with…} answers another one. {@link #KEYS} describes each key.
 *
 * @param lanes threads that process, 0 to choose by cores
 * @param overlappedCommits whether lanes go on with the next epoch while one is being committed
 * @param commitInterval after the first uncommitted record; longer while commits take more than their share of the time
 * @param commitTimeSharePercent how much of the time commits may take, as long as that does not keep the next one waiting
 *     for more than 50 intervals
 * @param transactionTimeout after which the log gives up an open epoch
 * @param inputIdleTimeout how long others wait for an input that somebody's open transaction holds up
 * @param frameRecords records of a frame at most
 * @param batchBytes size at which a batch of output is handed to the log
 * @param fetchBytes read from a partition at once
 * @param stateMemoryBytes of dirty and not yet written state, over all shards; beyond it inputs pause
 * @param stateWriteInterval how long committed state may stay on the heap before it is written to the backing stores
 * @param restartBackoff before the first restart after a failure; doubles up to {@code restartBackoffMax}
 * @param restartBackoffMax between two restarts at most
 * @param restartsWithoutProgress in a row without a commit, after which the job stops; those that wait for room
 *     on the disk are not counted, but with 0 the job does not wait either
 * @param userCodeTimeout how long user code may keep a lane from ending an attempt that has failed, after which the job stops
 * @param emitEveryUpdate whether aggregates show every update instead of the last one of an epoch
 * @param droppedState names of stores whose state is deleted, in one epoch, at the first start of a topology without them
 */
public record JobOptions(
        int lanes,
        boolean overlappedCommits,
        Duration commitInterval,
        int commitTimeSharePercent,
        Duration transactionTimeout,
        Duration inputIdleTimeout,
        int frameRecords,
        int batchBytes,
        int fetchBytes,
        long stateMemoryBytes,
        Duration stateWriteInterval,
        Duration restartBackoff,
        Duration restartBackoffMax,
        int restartsWithoutProgress,
        Duration userCodeTimeout,
        boolean emitEveryUpdate,
        Set<String> droppedState) {

    /**
     * One key as the reference page shows it.
     *
     * @param name as in a properties file
     * @param type of its value, with the unit
     * @param range that is accepted
     * @param meaning one sentence
     */
    public record Key(String name, String type, String defaultValue, String range, String meaning) {}

    public static final JobOptions DEFAULT = new JobOptions(
            0,
            true,
            Duration.ofMillis(10),
            20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            256,
            64 << 10,
            1 << 20,
            256L << 20,
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            8,
            Duration.ofSeconds(30),
            false,
            Set.of());

    /** Every key, in order of name. */
    public static final List<Key> KEYS = List.of(
            new Key(
                    "batch.bytes",
                    "bytes",
                    "65536",
                    "1024 to 16777216",
                    "Size at which a batch of output is handed over."),
            new Key(
                    "commit.interval.ms",
                    "ms",
                    "10",
                    "0 to 60000",
                    "Aimed at: an epoch ends this long after its first record, later while commits take more than commit.time.share."),
            new Key("commit.overlap", "boolean", "true", "", "Lanes go on while an epoch is being committed."),
            new Key(
                    "commit.time.share",
                    "percent",
                    "20",
                    "1 to 100",
                    "Share of the time that commits may take; epochs grow beyond commit.interval.ms for it."),
            new Key(
                    "emit.every.update",
                    "boolean",
                    "false",
                    "",
                    "Aggregates show every update, not the last of an epoch."),
            new Key("fetch.bytes", "bytes", "1048576", "1024 to 67108864", "Read from a partition at once."),
            new Key("frame.records", "count", "256", "1 to 256", "Records of a frame at most."),
            new Key(
                    "input.idle.timeout.ms",
                    "ms",
                    "5000",
                    "0 to 600000",
                    "Wait for an input behind an open transaction."),
            new Key("lanes", "count", "0", "0 to 256", "Threads that process; 0 chooses by cores."),
            new Key("restart.backoff.max.ms", "ms", "10000", "0 to 600000", "Longest pause before a restart."),
            new Key("restart.backoff.ms", "ms", "100", "0 to 600000", "Pause before the first restart; it doubles."),
            new Key(
                    "restarts.without.progress",
                    "count",
                    "8",
                    "0 to 1000000",
                    "Restarts in a row before the job stops; waiting for room on the disk is not counted, but 0 forbids it too."),
            new Key(
                    "state.drop",
                    "list",
                    "",
                    "names, with commas between",
                    "Stores whose state is deleted when no operator owns it any more."),
            new Key(
                    "state.memory.bytes",
                    "bytes",
                    "268435456",
                    "1048576 or more",
                    "Dirty and unwritten state; beyond it inputs pause."),
            new Key(
                    "state.write.interval.ms",
                    "ms",
                    "2000",
                    "0 to 600000",
                    "How long committed state may stay on the heap alone."),
            new Key(
                    "transaction.timeout.ms",
                    "ms",
                    "60000",
                    "1000 to 900000",
                    "The log gives up an epoch that is open for so long."),
            new Key(
                    "user.code.timeout.ms",
                    "ms",
                    "30000",
                    "100 to 900000",
                    "User code that does not end a failed attempt in this time stops the job."));

    private static final int CORES_FOR_ONE_LANE = 3;

    public JobOptions {
        droppedState = Set.copyOf(droppedState);
        within("lanes", lanes, 0, 256);
        within("commit.interval.ms", commitInterval.toMillis(), 0, 60_000);
        within("commit.time.share", commitTimeSharePercent, 1, 100);
        within("transaction.timeout.ms", transactionTimeout.toMillis(), 1_000, 900_000);
        within("input.idle.timeout.ms", inputIdleTimeout.toMillis(), 0, 600_000);
        within("frame.records", frameRecords, 1, 256);
        within("batch.bytes", batchBytes, 1 << 10, 16 << 20);
        within("fetch.bytes", fetchBytes, 1 << 10, 64 << 20);
        within("state.memory.bytes", stateMemoryBytes, 1 << 20, Long.MAX_VALUE);
        within("state.write.interval.ms", stateWriteInterval.toMillis(), 0, 600_000);
        within("restart.backoff.ms", restartBackoff.toMillis(), 0, 600_000);
        within("restart.backoff.max.ms", restartBackoffMax.toMillis(), 0, 600_000);
        within("restarts.without.progress", restartsWithoutProgress, 0, 1_000_000);
        within("user.code.timeout.ms", userCodeTimeout.toMillis(), 100, 900_000);
    }

    private static void within(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be " + min + " to " + max + ", was " + value);
        }
    }

    /**
     * The defaults with some keys set.
     *
     * @throws IllegalArgumentException if a key is unknown, or a value is not what {@link #KEYS} says
     */
    public static JobOptions of(Map<String, String> values) {
        JobOptions options = DEFAULT;
        for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
            options = options.with(entry.getKey(), entry.getValue());
        }
        return options;
    }

    /** The same with one key set, as in a properties file. */
    public JobOptions with(String key, String value) {
        JobOptionsDraft draft = new JobOptionsDraft(this);
        draft.set(key, value);
        return draft.build();
    }

    public JobOptions withLanes(int count) {
        return with("lanes", Integer.toString(count));
    }

    public JobOptions withCommitInterval(Duration interval) {
        return with("commit.interval.ms", Long.toString(interval.toMillis()));
    }

    public JobOptions withOverlappedCommits(boolean overlapped) {
        return with("commit.overlap", Boolean.toString(overlapped));
    }

    /** How many lanes a machine with so many cores gets. */
    public int lanesOn(int cores) {
        if (lanes > 0) {
            return lanes;
        }
        return cores <= CORES_FOR_ONE_LANE ? 1 : cores - 2;
    }
}
