package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State on its way through the heap of a job: how much of it there may be, and when it goes. */
class StateMemoryTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> OUT =
            Topic.of("out", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final int KEYS = 60_000;
    private static final int KEYS_OF_AN_EPOCH_MAX = 30_000;

    private static Topology counts() {
        var job = Topology.define("wide");
        job.stream(IN)
                .groupByKey()
                .count()
                .toStream()
                .filter((key, count) -> false)
                .to(OUT);
        return job.build();
    }

    private static JobRig withKeys(JobOptions options) {
        JobRig rig = new JobRig(options, 1);
        rig.topic("in", 1);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add("key-" + i);
        }
        rig.sendKeys(IN, 0, keys, "x", 1);
        return rig;
    }

    @Test
    void endsAnEpochThatHoldsTooMuch() {
        JobRig rig = withKeys(
                JobOptions.DEFAULT.withCommitInterval(Duration.ofSeconds(30)).with("state.memory.bytes", "1048576"));
        List<Long> readAtBarriers = new ArrayList<>(List.of(0L));
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.BARRIER_SENT) {
                readAtBarriers.add(rig.job.metrics().recordsIn());
            }
        };

        rig.run(counts()).drain();

        assertThat(rig.job.metrics().recordsIn()).isEqualTo(KEYS);
        for (int i = 1; i < readAtBarriers.size(); i++) {
            assertThat(readAtBarriers.get(i) - readAtBarriers.get(i - 1))
                    .as("keys of an epoch; %s", readAtBarriers)
                    .isLessThan(KEYS_OF_AN_EPOCH_MAX);
        }
    }

    @Test
    void refusesAnIntervalThatTheTransactionWouldNotOutlive() {
        JobOptions options =
                JobOptions.DEFAULT.withCommitInterval(Duration.ofSeconds(60)).with("transaction.timeout.ms", "60000");

        assertThatThrownBy(() -> new JobRig(options, 1).start(counts()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transaction.timeout.ms");
    }

    @Test
    void restsWhileAWriteIsUnderWay() {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("state.write.interval.ms", "0"), 2);
        rig.topic("in", 1);
        rig.run(counts()).drain();
        rig.scheduler.remove(rig.job.runtime().storeAgent());

        rig.send(IN, 1, "a", "x", 1);
        rig.scheduler.runFor(Duration.ofSeconds(10)); // fails if an agent is at rest although its deadline is due

        rig.scheduler.add(rig.job.runtime().storeAgent());
        rig.job.stop();
        assertThat(rig.job.state()).isEqualTo(JobState.STOPPED);
    }
}
