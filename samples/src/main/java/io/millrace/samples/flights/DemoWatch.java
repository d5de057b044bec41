package io.millrace.samples.flights;

import io.millrace.streams.Job;
import io.millrace.streams.JobState;
import io.millrace.streams.Millrace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Shows how far a job is until all of its input is counted. Owned by the thread that watches. */
final class DemoWatch {

    private static final Duration INPUT_MAX = Duration.ofDays(365);

    private final Millrace millrace;
    private final Job job;
    private final DemoScreen screen;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    DemoWatch(Millrace millrace, Job job, DemoScreen screen) {
        this.millrace = millrace;
        this.job = job;
        this.screen = screen;
        job.onFailure(failure::set);
    }

    /**
     * Watches to the end of the input.
     *
     * @param isContinued whether an earlier run has left its data
     * @throws Exception why the job failed
     */
    void toTheEnd(boolean isContinued) throws Exception {
        var counted = new FutureTask<Void>(() -> {
            job.awaitInputDrained(INPUT_MAX);
            return null;
        });
        var waiting = new Thread(counted, "demo-waits");
        waiting.setDaemon(true);
        waiting.start();
        show(counted, isContinued);
        try {
            counted.get();
        } catch (ExecutionException e) {
            var known = failure.get();
            if (known instanceof Exception why) {
                throw why;
            }
            throw e;
        }
    }

    private void show(FutureTask<Void> counted, boolean isContinued) throws Exception {
        var meter = new DemoMeter(System.nanoTime());
        var mustSaySo = isContinued;
        try (var read = new FlightsRead(millrace)) {
            while (!counted.isDone()) {
                var metrics = job.metrics();
                if (job.state() == JobState.RUNNING && !metrics.progress().isEmpty()) {
                    var progress = meter.progress(metrics, read.look(metrics), System.nanoTime());
                    if (mustSaySo) {
                        sayThatItGoesOn();
                        mustSaySo = false;
                    }
                    screen.show(progress);
                }
                LockSupport.parkNanos(Duration.ofMillis(screen.intervalMs()).toNanos());
            }
        }
        var end = job.metrics();
        if (end.recordsIn() > 0) {
            if (mustSaySo) { // it was over before the first look
                sayThatItGoesOn();
            }
            screen.show(meter.end(end, System.nanoTime()));
        } else {
            screen.print(
                    List.of("Nothing new to read: this is what an earlier run has found; --fresh would start over."));
        }
    }

    private void sayThatItGoesOn() {
        screen.print(
                List.of("Going on with what an earlier run has left in this directory; --fresh would start over."));
    }
}
