package io.millrace.broker.handler;

import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.record.wire.Payload;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a client fetches: what it asked for last, and, within a session, what it was told last. Owned by its
 * session, or by the one fetch if there is none.
 */
final class FetchPart {

    /** As the client names it: by topic, or from version 13 on by topic id; the other one is empty. */
    record Key(String topic, UUID topicId, int partition) {}

    private static final long NEVER_TOLD = -1;

    private final Key key;
    private FetchPartition asked;
    private @Nullable String name;
    private long turn;
    private long toldHighWatermark = NEVER_TOLD;
    private long toldLogStartOffset = NEVER_TOLD;

    FetchPart(FetchTopic topic, FetchPartition asked) {
        this.key = new Key(topic.topic(), topic.topicId(), asked.partition());
        this.asked = asked;
        this.name = topic.topic().isEmpty() ? null : topic.topic();
    }

    Key key() {
        return key;
    }

    FetchPartition asked() {
        return asked;
    }

    void asked(FetchPartition now) {
        this.asked = now;
    }

    /** The topic's name; null as long as nobody here has known its id. */
    @Nullable
    String name() {
        return name;
    }

    void name(String found) {
        this.name = found;
    }

    /** Where a session reads it: the lowest first. */
    long turn() {
        return turn;
    }

    void turn(long given) {
        this.turn = given;
    }

    /** Whether the client must be told of this, since it differs from what it knows; from then on it knows. */
    boolean tells(PartitionData data) {
        Payload records = data.records();
        boolean isFailed = data.errorCode() != ErrorCode.NONE.code();
        boolean tells = isFailed
                || records != null && records.size() > 0
                || data.divergingEpoch().epoch() >= 0
                || data.highWatermark() != toldHighWatermark
                || data.logStartOffset() != toldLogStartOffset;
        told(data);
        return tells;
    }

    /** Remembers what the client is told. After an error it is told again in any case. */
    void told(PartitionData data) {
        boolean isFailed = data.errorCode() != ErrorCode.NONE.code();
        toldHighWatermark = isFailed ? NEVER_TOLD : data.highWatermark();
        toldLogStartOffset = data.logStartOffset();
    }
}
