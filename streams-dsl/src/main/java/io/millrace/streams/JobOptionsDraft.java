package io.millrace.streams;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link JobOptions} while single keys are being set. */
final class JobOptionsDraft {

    private final JobOptions base;
    private int lanes;
    private boolean overlappedCommits;
    private Duration commitInterval;
    private int commitTimeSharePercent;
    private Duration transactionTimeout;
    private Duration inputIdleTimeout;
    private int frameRecords;
    private int batchBytes;
    private int fetchBytes;
    private long stateMemoryBytes;
    private Duration stateWriteInterval;
    private Duration restartBackoff;
    private Duration restartBackoffMax;
    private int restartsWithoutProgress;
    private Duration userCodeTimeout;
    private boolean emitEveryUpdate;
    private Set<String> droppedState;

    JobOptionsDraft(JobOptions base) {
        this.base = base;
        lanes = base.lanes();
        overlappedCommits = base.overlappedCommits();
        commitInterval = base.commitInterval();
        commitTimeSharePercent = base.commitTimeSharePercent();
        transactionTimeout = base.transactionTimeout();
        inputIdleTimeout = base.inputIdleTimeout();
        frameRecords = base.frameRecords();
        batchBytes = base.batchBytes();
        fetchBytes = base.fetchBytes();
        stateMemoryBytes = base.stateMemoryBytes();
        stateWriteInterval = base.stateWriteInterval();
        restartBackoff = base.restartBackoff();
        restartBackoffMax = base.restartBackoffMax();
        restartsWithoutProgress = base.restartsWithoutProgress();
        userCodeTimeout = base.userCodeTimeout();
        emitEveryUpdate = base.emitEveryUpdate();
        droppedState = base.droppedState();
    }

    void set(String key, String value) {
        switch (key) {
            case "batch.bytes" -> batchBytes = (int) number(key, value);
            case "commit.interval.ms" -> commitInterval = millis(key, value);
            case "commit.overlap" -> overlappedCommits = flag(key, value);
            case "commit.time.share" -> commitTimeSharePercent = (int) number(key, value);
            case "emit.every.update" -> emitEveryUpdate = flag(key, value);
            case "fetch.bytes" -> fetchBytes = (int) number(key, value);
            case "frame.records" -> frameRecords = (int) number(key, value);
            case "input.idle.timeout.ms" -> inputIdleTimeout = millis(key, value);
            case "lanes" -> lanes = (int) number(key, value);
            case "restart.backoff.max.ms" -> restartBackoffMax = millis(key, value);
            case "restart.backoff.ms" -> restartBackoff = millis(key, value);
            case "restarts.without.progress" -> restartsWithoutProgress = (int) number(key, value);
            case "state.drop" -> droppedState = names(value);
            case "state.memory.bytes" -> stateMemoryBytes = number(key, value);
            case "state.write.interval.ms" -> stateWriteInterval = millis(key, value);
            case "transaction.timeout.ms" -> transactionTimeout = millis(key, value);
            case "user.code.timeout.ms" -> userCodeTimeout = millis(key, value);
            default ->
                throw new IllegalArgumentException(
                        "unknown job option '" + key + "'; did you mean '" + nearest(key) + "'?");
        }
    }

    private static Set<String> names(String value) {
        return Arrays.stream(value.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static long number(String key, String value) {
        try {
            return Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("job option " + key + " must be a whole number, was '" + value + "'", e);
        }
    }

    private static Duration millis(String key, String value) {
        return Duration.ofMillis(number(key, value));
    }

    private static boolean flag(String key, String value) {
        return switch (value.trim()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException("job option " + key + " must be true or false, was '" + value + "'");
        };
    }

    private static String nearest(String unknown) {
        return JobOptions.KEYS.stream()
                .map(JobOptions.Key::name)
                .min(Comparator.comparingInt(name -> distance(name, unknown)))
                .orElse(unknown);
    }

    /** Number of single-letter changes that make one word of the other (Levenshtein). */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[right.length() + 1];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int changed = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[right.length()];
    }

    JobOptions build() {
        JobOptions built = new JobOptions(
                lanes,
                overlappedCommits,
                commitInterval,
                commitTimeSharePercent,
                transactionTimeout,
                inputIdleTimeout,
                frameRecords,
                batchBytes,
                fetchBytes,
                stateMemoryBytes,
                stateWriteInterval,
                restartBackoff,
                restartBackoffMax,
                restartsWithoutProgress,
                userCodeTimeout,
                emitEveryUpdate,
                droppedState);
        return built.equals(base) ? base : built;
    }
}
