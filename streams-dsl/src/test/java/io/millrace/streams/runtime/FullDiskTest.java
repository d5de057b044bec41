package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.LogFile;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job whose log has no room for its output. */
class FullDiskTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final int DISK_BYTES = 1 << 20;

    private static Topology counts() {
        var job = Topology.define("counts-job");
        job.stream(IN).groupByKey().count().toStream().to(COUNTS);
        return job.build();
    }

    private static JobRig rig(JobOptions options, long seed) {
        JobRig rig = new JobRig(options, seed);
        rig.storage = new MemoryLogStorage(DISK_BYTES);
        rig.boot();
        rig.topic("in", 1);
        for (int i = 0; i < 10; i++) {
            rig.send(IN, 1, "k", "v", i);
        }
        return rig;
    }

    private static void fill(JobRig rig) {
        LogFile file = rig.storage.open("somebody-else", LogStorage.Open.CREATE);
        file.write(0, ByteBuffer.allocate((int) rig.storage.space().usableBytes()));
    }

    @Test
    void waitsForRoomAsLongAsItTakesAndCountsEachRecordOnce() {
        JobRig rig = rig(JobOptions.DEFAULT, 1);
        // Long enough for the ballast to be used up as well.
        fill(rig);
        List<JobState> states = new ArrayList<>();
        rig.add(counts()).runtime().listen((before, after) -> states.add(after));
        rig.job.runtime().start();
        rig.scheduler.runFor(Duration.ofMinutes(20));

        assertThat(rig.job.state().isFinal()).isFalse();
        assertThat(states).filteredOn(JobState.RESTARTING::equals).hasSizeGreaterThan(8);
        assertThat(rig.job.metrics().failure()).contains("THROTTLING_QUOTA_EXCEEDED");
        assertThat(rig.latest(COUNTS)).isEmpty();

        rig.storage.delete("somebody-else");
        rig.job.drain();
        assertThat(rig.job.state()).isEqualTo(JobState.RUNNING);
        assertThat(rig.latest(COUNTS)).containsEntry("k", 10L);
    }

    @Test
    void saysSoAtOnceIfItMayNotRestart() {
        JobRig rig = rig(JobOptions.DEFAULT.with("restarts.without.progress", "0"), 2);
        fill(rig);
        rig.start(counts());
        rig.scheduler.runUntil(() -> rig.job.state().isFinal());

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.runtime().fault()).hasMessageContaining("no space left");
    }
}
