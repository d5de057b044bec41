package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.differential.Wire;
import io.millrace.coordinator.ConsumerGroupLimits;
import io.millrace.coordinator.GroupLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators set for one group of the consumer protocol holds for its members at once, and for no other group. */
class GroupSettingsIT {

    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();
    private static final int NODE_SESSION_MS = 1_000;
    private static final int NODE_HEARTBEAT_MS = 100;
    private static final GroupLimits LIMITS = GroupLimits.DEFAULT.withConsumers(
            ConsumerGroupLimits.DEFAULT.withTimesMs(NODE_SESSION_MS, NODE_HEARTBEAT_MS));

    @TempDir
    Path directory;

    private static void set(Admin admin, String group, String key, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        var change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }

    private static ConsumerGroupHeartbeatResponseData beat(Wire wire, String group, int epoch) throws Exception {
        var request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId("m")
                .setMemberEpoch(epoch);
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(60_000)
                    .setSubscribedTopicNames(List.of("flights"))
                    .setTopicPartitions(List.of());
        }
        wire.send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, (short) 1, request, true);
        var answer = (ConsumerGroupHeartbeatResponseData) wire.receive().orElseThrow();
        assertThat(answer.errorCode()).as(answer.errorMessage()).isZero();
        return answer;
    }

    private static int members(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get()
                .members()
                .size();
    }

    @Test
    void aMemberIsToldOfTheHeartbeatsAndHasTheSessionThatAreSetForItsGroup() throws Exception {
        try (var node = new ServedNode(directory, LIMITS);
                var admin = Admin.create(Map.of("bootstrap.servers", node.address()));
                var wire = new Wire(node.address())) {
            admin.createTopics(List.of(new NewTopic("flights", 1, (short) 1)))
                    .all()
                    .get();
            var joined = beat(wire, "patient", 0);
            assertThat(joined.heartbeatIntervalMs()).isEqualTo(NODE_HEARTBEAT_MS);

            set(admin, "patient", "consumer.session.timeout.ms", "50000");
            set(admin, "patient", "consumer.heartbeat.interval.ms", "6000");
            assertThat(beat(wire, "patient", joined.memberEpoch()).heartbeatIntervalMs())
                    .isEqualTo(6_000);

            beat(wire, "hasty", 0);
            var endNs = System.nanoTime() + PATIENCE_NS;
            while (members(admin, "hasty") > 0) {
                assertThat(System.nanoTime()).as("in time").isLessThan(endNs);
            }
            assertThat(members(admin, "patient")).isOne();
        }
    }
}
