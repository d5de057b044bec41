package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.MemoryBudget;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.EpochHook.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State on its way through the heap of a job: how much of it there may be, and when it goes. */
class StateMemoryTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> OUT =
            Topic.of("out", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final long STATE_BYTES = 1 << 20;
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

    private static Topology countsOut() {
        var job = Topology.define("wide");
        job.stream(IN).groupByKey().count().toStream().to(OUT);
        return job.build();
    }

    private static JobRig withKeys(JobOptions options) {
        JobRig rig = new JobRig(options, 1);
        rig.topic("in", 1);
        rig.sendKeys(IN, 0, keys(), "x", 1);
        return rig;
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add("key-" + i);
        }
        return keys;
    }

    @Test
    void endsAnEpochThatHoldsTooMuch() {
        JobRig rig = withKeys(JobOptions.DEFAULT
                .withCommitInterval(Duration.ofSeconds(30))
                .with("state.memory.bytes", Long.toString(STATE_BYTES)));
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restoresMoreStateThanItMayHold(boolean powerFailsOnTheWay) {
        JobRig rig = withKeys(JobOptions.DEFAULT
                .with("state.memory.bytes", Long.toString(STATE_BYTES))
                .with("fetch.bytes", "65536"));
        rig.run(countsOut()).drain();
        rig.job.stop();
        rig.stores.lose();
        rig.memory = new MemoryBudget(1L << 30, STATE_BYTES);
        long[] pinnedMax = {0};
        int[] slices = {0};
        boolean[] isRestored = {false};
        rig.hook = (point, epoch) -> {
            pinnedMax[0] = Math.max(pinnedMax[0], rig.memory.pinnedBytes());
            isRestored[0] |= point == EpochPoint.RESTORED;
            if (point == EpochPoint.SLICE_WRITTEN && !isRestored[0] && ++slices[0] == 3 && powerFailsOnTheWay) {
                throw new SimulatedCrash(point, epoch);
            }
        };
        if (powerFailsOnTheWay) {
            assertThatThrownBy(() -> rig.start(countsOut())).isInstanceOf(SimulatedCrash.class);
            rig.crash();
            rig.memory = new MemoryBudget(1L << 30, STATE_BYTES);
        }

        rig.run(countsOut());

        assertThat(slices[0]).as("slices written before all was restored").isGreaterThan(3);
        assertThat(pinnedMax[0]).isLessThan(3 * STATE_BYTES);
        rig.sendKeys(IN, 0, keys(), "x", 2);
        rig.job.drain();
        assertThat(rig.latest(OUT)).hasSize(KEYS).allSatisfy((key, count) -> assertThat(count)
                .isEqualTo(2L));
    }
}
