package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the consumer protocol in a node's own files, as Kafka's decoder reads them: each record says what the test did. */
class ConsumerGroupDumpTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final String GROUP = "group";
    private static final String DELETED = "<DELETE>";

    @TempDir
    private Path folder;

    private NodeDoor door;
    private SteppedNode node;

    private Beat beat(int epoch, @Nullable Partitions owned) {
        boolean joins = epoch == 0;
        Beat beat = node.answer(door.consumerHeartbeat(new ConsumerHeartbeat(
                GROUP,
                "m",
                epoch,
                "i-1",
                "r",
                "app",
                "/10.0.0.7",
                joins ? 60_000 : -1,
                joins ? List.of("flights") : null,
                joins ? "fl.*" : null,
                joins ? "range" : null,
                owned,
                true,
                topic -> true)));
        assertThat(beat.error()).isEqualTo(ErrorCode.NONE);
        return beat;
    }

    @Test
    void theOffsetsDecoderReadsMembersTargetsAssignmentsAndExpressions() throws IOException {
        node = new SteppedNode(folder, NodeConfig.DEFAULT, NOW);
        UUID id = node.answer(node.client().createTopic(new NewTopic("flights", 2)))
                .id();
        door = node.newDoor();
        long joinedMs = node.nowMs();
        beat(0, Partitions.NONE);
        beat(-2, null);
        beat(-1, null);
        node.answer(door.deleteGroup(GROUP));
        node.close();

        String topic = "\"topicId\":\"" + new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()) + "\"";
        String both = topic + ",\"partitions\":[0,1]";
        assertThat(texts())
                .containsExactly(
                        of(5, ",\"memberId\":\"m\"")
                                + " {\"version\":\"0\",\"data\":{\"instanceId\":\"i-1\",\"rackId\":\"r\",\"clientId\":"
                                + "\"app\",\"clientHost\":\"/10.0.0.7\",\"subscribedTopicNames\":[\"flights\"],"
                                + "\"subscribedTopicRegex\":\"fl.*\",\"rebalanceTimeoutMs\":60000,"
                                + "\"serverAssignor\":\"range\",\"classicMemberMetadata\":null}}",
                        of(16, ",\"regularExpression\":\"fl.*\"")
                                + " {\"version\":\"0\",\"data\":{\"topics\":[\"flights\"],\"version\":0,\"timestamp\":"
                                + joinedMs + "}}",
                        of(3, "") + " {\"version\":\"0\",\"data\":{\"epoch\":2,\"metadataHash\":H}}",
                        of(7, ",\"memberId\":\"m\"") + " {\"version\":\"0\",\"data\":{\"topicPartitions\":[{" + both
                                + "}]}}",
                        of(6, "") + " {\"version\":\"0\",\"data\":{\"assignmentEpoch\":2,\"assignmentTimestamp\":"
                                + joinedMs + "}}",
                        of(8, ",\"memberId\":\"m\"") + current(2, 0, both, "[2,2]"),
                        of(8, ",\"memberId\":\"m\"") + current(-2, 0, both, "[0,0]"),
                        of(8, ",\"memberId\":\"m\"") + " " + DELETED,
                        of(7, ",\"memberId\":\"m\"") + " " + DELETED,
                        of(5, ",\"memberId\":\"m\"") + " " + DELETED,
                        of(16, ",\"regularExpression\":\"fl.*\"") + " " + DELETED,
                        of(3, "") + " {\"version\":\"0\",\"data\":{\"epoch\":3}}",
                        of(6, "") + " " + DELETED,
                        of(4, "") + " " + DELETED,
                        of(3, "") + " " + DELETED);
    }

    private static String of(int type, String more) {
        return "{\"type\":\"" + type + "\",\"data\":{\"groupId\":\"" + GROUP + "\"" + more + "}}";
    }

    private static String current(int epoch, int previous, String partitions, String epochs) {
        return " {\"version\":\"0\",\"data\":{\"memberEpoch\":" + epoch + ",\"previousMemberEpoch\":" + previous
                + ",\"state\":0,\"assignedPartitions\":[{" + partitions + ",\"assignmentEpochs\":" + epochs
                + "}],\"partitionsPendingRevocation\":[]}}";
    }

    private List<String> texts() throws IOException {
        Path directory = folder.resolve("__consumer_offsets-" + Math.abs(GROUP.hashCode()) % 50);
        return Dump.of(directory, ".log", "--deep-iteration", "--print-data-log", "--offsets-decoder")
                .hasNoComplaint(false)
                .entries()
                .stream()
                .map(entry -> entry.key() + " " + entry.payload())
                .map(text -> text.replaceAll("\"metadataHash\":-?[1-9]\\d*", "\"metadataHash\":H"))
                .toList();
    }
}
