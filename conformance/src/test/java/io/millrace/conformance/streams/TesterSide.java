package io.millrace.conformance.streams;

import io.millrace.streams.Topology;
import io.millrace.streams.runtime.EpochHook.SimulatedCrash;
import io.millrace.streams.runtime.EpochPoint;
import io.millrace.testkit.Crash;
import io.millrace.testkit.JobTester;
import io.millrace.testkit.JobTesterOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The whole of it: runtime, log and state. From time to time the process dies and goes on. */
final class TesterSide implements OurSide {

    static final int PARTITIONS_MAX = 4;

    private static final int LANES_MAX = 3;
    private static final int FRAME_RECORDS_MAX = 16;
    private static final int RECORDS_AT_ONCE_MAX = 30;
    private static final int TIMES_MAX = 4;

    private final JobTester tester;
    private final Iterable<String> outputs;
    private final Random random;

    /** One record in so many finds a crash armed. */
    private final int crashesOneIn;

    private final int recordsAtOnceMax;
    private final List<String> life = new ArrayList<>();
    private int waiting;
    private int piped;

    private TesterSide(
            Topology topology,
            JobTesterOptions options,
            Iterable<String> outputs,
            Random random,
            int crashesOneIn,
            int recordsAtOnceMax) {
        this.tester = JobTester.of(topology, options);
        this.outputs = outputs;
        this.random = random;
        this.crashesOneIn = crashesOneIn;
        this.recordsAtOnceMax = recordsAtOnceMax;
        this.waiting = recordsAtOnce();
        life.add(options.partitions() + " partitions, " + options.job());
    }

    /** One partition, one lane, one epoch per record. */
    static TesterSide recordByRecord(TwinBuilder twin, Random random) {
        return new TesterSide(twin.topology, JobTesterOptions.DEFAULT, twin.outputs, random, 25, 1);
    }

    /** Several partitions on one or several lanes, many records per epoch, one or two epochs under way. */
    static TesterSide inLanes(TwinBuilder twin, Random random) {
        JobTesterOptions options = JobTesterOptions.DEFAULT
                .withPartitions(1 + random.nextInt(PARTITIONS_MAX))
                .withLanes(1 + random.nextInt(LANES_MAX))
                .withOverlappedCommits(random.nextBoolean())
                .withSeed(random.nextLong());
        return new TesterSide(
                twin.topology,
                options.withJob(options.job()
                        .with("frame.records", Integer.toString(1 + random.nextInt(FRAME_RECORDS_MAX)))
                        .with("state.write.interval.ms", Integer.toString(random.nextInt(2) * 2_000))),
                twin.outputs,
                random,
                40,
                RECORDS_AT_ONCE_MAX);
    }

    private int recordsAtOnce() {
        return 1 + random.nextInt(recordsAtOnceMax);
    }

    @Override
    public void pipe(Row row) {
        if (random.nextInt(crashesOneIn) == 0) {
            EpochPoint point = EpochPoint.values()[random.nextInt(EpochPoint.values().length)];
            int time = recordsAtOnceMax == 1 ? 1 : 1 + random.nextInt(TIMES_MAX);
            life.add("armed at " + point + " time " + time + " before record " + piped);
            tester.crashAt(point, time);
        }
        piped++;
        tester.append(TwinBuilder.topic(row.topic()), row.key(), row.value(), row.timestampMs());
        if (--waiting == 0) {
            drain();
            waiting = recordsAtOnce();
        }
    }

    private void drain() {
        tester.drain();
        while (tester.hasCrashed()) {
            Crash crash = Crash.values()[random.nextInt(Crash.values().length)];
            life.add(crash + " with " + piped + " records piped");
            tester.recover(crash);
            if (!tester.hasCrashed()) {
                tester.drain();
            }
        }
    }

    @Override
    public List<Row> output() {
        drain();
        List<Row> output = new ArrayList<>();
        for (String name : outputs) {
            tester.read(TwinBuilder.topic(name))
                    .forEach(record -> output.add(new Row(name, record.key(), record.value(), record.timestampMs())));
        }
        return output;
    }

    /** How it was run, and what it left out in its last life. */
    @Override
    public String toString() {
        return String.join("\n", life) + "\ndropped " + tester.drops();
    }

    @Override
    public void close() {
        try {
            tester.close();
        } catch (SimulatedCrash late) {
            // The point was armed for a record that did not reach it; stopping did. All output has been read.
            tester.close();
        }
    }
}
