package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.TopicPartition;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of meta records, which outlive versions of Millrace. */
class MetaRecordTest {

    private static final String START = "0000000000000007" // epoch
            + "00000001" + "00016e" + "0000000000000014" + "000000000000001e" // one operator
            + "00000001" + "0002696e" + "00000003" + "0000000000000011"; // one partition of a topic
    private static final String SPLIT = "00000001" + "0003732f31" + "00000001" + "000161" + "000162";
    private static final UUID TOPIC = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static MetaRecord record(UUID topicId) {
        return new MetaRecord(
                7,
                Map.of("n", new MetaRecord.NodeTime(20, 30)),
                new InputPositions(
                        Map.of(new TopicPartition("in", 3), new TopicPosition(topicId, 17)),
                        Map.of("s/1", Map.of("a", "b"))));
    }

    @Test
    void hasTheIdOfEachTopic() {
        byte[] bytes = HexFormat.of().parseHex("02" + START + "00112233445566778899aabbccddeeff" + SPLIT);

        assertThat(record(TOPIC).encode()).isEqualTo(bytes);
        assertThat(MetaRecord.decode(bytes)).isEqualTo(record(TOPIC));
    }

    @Test
    void isReadAsItWasBeforeTopicIds() {
        assertThat(MetaRecord.decode(HexFormat.of().parseHex("01" + START + SPLIT)))
                .isEqualTo(record(null));
    }

    @Test
    void keepsAPositionOfAnUnknownTopic() {
        assertThat(MetaRecord.decode(record(null).encode())).isEqualTo(record(null));
    }

    @Test
    void refusesWhatANewerVersionHasWritten() {
        assertThatThrownBy(() -> MetaRecord.decode(new byte[] {3}))
                .hasMessageContaining("version 3")
                .hasMessageContaining("newer Millrace");
    }
}
