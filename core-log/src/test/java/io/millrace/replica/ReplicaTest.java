package io.millrace.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReplicaTest {

    private final Replica replica = new Replica(1);

    @Test
    void countsWhatTheOnlyReplicaHasMadeDurable() {
        replica.lead(0, Set.of(1), 5, 3);
        assertThat(replica.highWatermark()).isEqualTo(3);
        assertThat(replica.durable(1, 5)).isTrue();
        assertThat(replica.durable(1, 4)).isFalse();
        assertThat(replica.highWatermark()).isEqualTo(5);
    }

    @Test
    void waitsForTheSlowestInSyncReplica() {
        replica.lead(0, Set.of(1, 2), 0, 0);
        assertThat(replica.durable(1, 9)).isFalse();
        assertThat(replica.durable(2, 4)).isTrue();
        assertThat(replica.highWatermark()).isEqualTo(4);
        assertThat(replica.durable(3, 100)).as("not in sync").isFalse();
    }

    @Test
    void followsTheLeaderEvenBackwards() {
        replica.follow(2, 7);
        assertThat(replica.leaderSays(10, 6)).isTrue();
        assertThat(replica.highWatermark()).isEqualTo(6);
        assertThat(replica.leaderSays(5, 8)).isTrue();
        assertThat(replica.highWatermark()).isEqualTo(5);
        assertThat(replica.durable(1, 9)).isFalse();
    }

    @Test
    void neverLeadsTwiceInOneEpoch() {
        replica.lead(3, Set.of(1), 0, 0);
        assertThatThrownBy(() -> replica.lead(3, Set.of(1), 0, 0)).hasMessageContaining("leader epochs grow");
        assertThatThrownBy(() -> new Replica(1).lead(0, Set.of(2), 0, 0)).hasMessageContaining("in sync with itself");
    }

    @Test
    void stopsForGood() {
        replica.lead(0, Set.of(1), 0, 0);
        replica.stop("disk on fire");
        assertThat(replica.isLeader()).isFalse();
        assertThat(replica.durable(1, 1)).isFalse();
        assertThat(replica.role()).isEqualTo(new Role.Offline("disk on fire"));
    }
}
