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

/** The whole of it: runtime, log and state, in one epoch per record. From time to time the process dies and goes on. */
final class TesterSide implements OurSide {

    /** One record in so many is met by a crash. */
    private static final int CRASHES_ONE_IN = 25;

    private final JobTester tester;
    private final Iterable<String> outputs;
    private final Random random;
    private final List<Row> output = new ArrayList<>();

    TesterSide(Topology topology, Iterable<String> outputs, Random random) {
        this.tester = JobTester.of(topology, JobTesterOptions.DEFAULT);
        this.outputs = outputs;
        this.random = random;
    }

    @Override
    public void pipe(Row row) {
        if (random.nextInt(CRASHES_ONE_IN) == 0) {
            tester.crashAt(EpochPoint.values()[random.nextInt(EpochPoint.values().length)]);
        }
        tester.pipe(TwinBuilder.topic(row.topic()), row.key(), row.value(), row.timestampMs());
        while (tester.hasCrashed()) {
            tester.recover(Crash.values()[random.nextInt(Crash.values().length)]);
            if (!tester.hasCrashed()) {
                tester.drain();
            }
        }
    }

    @Override
    public List<Row> output() {
        for (String name : outputs) {
            tester.read(TwinBuilder.topic(name))
                    .forEach(record -> output.add(new Row(name, record.key(), record.value(), record.timestampMs())));
        }
        return output;
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
