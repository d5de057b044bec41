package io.millrace.testkit;

import io.millrace.streams.JobOptions;

/**
 * How a tester runs its job. Immutable: every {@code with…} answers another one.
 *
 * @param job options of the job
 * @param partitions of input topics that do not say how many they want
 * @param wallClockMs wall-clock time at the start, ms since 1970
 * @param drawsOrder whether the order in which agents are stepped is drawn from the seed, instead of in turn
 * @param seed of the order, of ids, and of what crashes leave
 */
public record JobTesterOptions(JobOptions job, int partitions, long wallClockMs, boolean drawsOrder, long seed) {

    /** One lane, one partition, one record a frame, every update shown, no restart after a failure. */
    public static final JobTesterOptions DEFAULT = new JobTesterOptions(
            JobOptions.DEFAULT
                    .withLanes(1)
                    .with("frame.records", "1")
                    .with("emit.every.update", "true")
                    .with("restarts.without.progress", "0"),
            1,
            1_700_000_000_000L,
            false,
            1);

    public JobTesterOptions {
        if (partitions < 1) {
            throw new IllegalArgumentException("topics need 1 partition or more, were " + partitions);
        }
    }

    public JobTesterOptions withPartitions(int count) {
        return new JobTesterOptions(job, count, wallClockMs, drawsOrder, seed);
    }

    public JobTesterOptions withLanes(int count) {
        return withJob(job.withLanes(count));
    }

    /** Whether lanes go on with the next epoch while one is being committed: one or two overlays of state. */
    public JobTesterOptions withOverlappedCommits(boolean overlapped) {
        return withJob(job.withOverlappedCommits(overlapped));
    }

    /** As in production: results are de-duplicated per key and epoch, and frames hold many records. */
    public JobTesterOptions asInProduction() {
        return withJob(job.with("emit.every.update", "false").with("frame.records", "256"));
    }

    public JobTesterOptions withJob(JobOptions options) {
        return new JobTesterOptions(options, partitions, wallClockMs, drawsOrder, seed);
    }

    /** Wall-clock time at the start, ms since 1970. */
    public JobTesterOptions withWallClockMs(long ms) {
        return new JobTesterOptions(job, partitions, ms, drawsOrder, seed);
    }

    /** Agents take their turns in an order drawn from the seed. */
    public JobTesterOptions withSeed(long newSeed) {
        return new JobTesterOptions(job, partitions, wallClockMs, true, newSeed);
    }
}
