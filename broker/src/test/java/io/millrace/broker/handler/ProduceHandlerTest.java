package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Principal;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse.BatchIndexAndErrorMessage;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.record.wire.ByteSlice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a producer is told of batches that are refused, or that it sent before. */
class ProduceHandlerTest {

    private static final Endpoint LISTENER = new Endpoint("PLAINTEXT", "127.0.0.1", 9092);

    private final SteppedBroker broker = new SteppedBroker();
    private final ProduceHandler handler = new ProduceHandler(broker.around());

    @BeforeEach
    void createTopic() {
        broker.createTopic("flights", 2);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static PartitionProduceData data(RecordBatch batch) {
        return new PartitionProduceData()
                .index(0)
                .records(new ByteSlice(batch.copy().bytes(), 0, batch.sizeInBytes()));
    }

    private List<PartitionProduceResponse> produce(int version, String topic, PartitionProduceData... data) {
        TopicProduceData of = new TopicProduceData().name(topic);
        of.partitionData().addAll(List.of(data));
        ProduceRequest request = new ProduceRequest().acks((short) -1).timeoutMs(1000);
        request.topicData().add(of);
        Answer answer = handler.handle(
                request,
                new Call((short) version, "test", Principal.ANONYMOUS, LISTENER, "/127.0.0.1", broker.nowMs()));
        broker.settle();
        Answer.Response response = (Answer.Response) answer.poll(broker.nowMs());
        return ((ProduceResponse) response.message()).responses().get(0).partitionResponses();
    }

    private static RecordBatch sequenced(int sequence) {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
        builder.append(1234, null, new byte[1], Header.NONE);
        return builder.finish(7, (short) 0, sequence, false);
    }

    @Test
    void aDuplicateIsToldAsWhatItRepeatsWithItsTimestamp() {
        produce(9, "flights", data(sequenced(0)));
        PartitionProduceResponse again =
                produce(9, "flights", data(sequenced(0))).get(0);
        assertThat(again.errorCode()).isZero();
        assertThat(again.baseOffset()).isZero();
        assertThat(again.logAppendTimeMs()).isEqualTo(1234);
        assertThat(again.logStartOffset()).isZero();
    }

    @Test
    void ofAPartitionThatIsNamedTwiceTheLastBatchIsTaken() {
        List<PartitionProduceResponse> answered =
                produce(9, "flights", data(SteppedBroker.batch(1)), data(SteppedBroker.batch(2)));
        assertThat(answered).hasSize(1);
        assertThat(answered.get(0).baseOffset()).isZero();
        assertThat(produce(9, "flights", data(SteppedBroker.batch(3))).get(0).baseOffset())
                .isOne();
    }

    @Test
    void zstdIsRefusedInVersionsWhoseReadersDoNotKnowIt() {
        RecordBatch batch = SteppedBroker.batch(100, Compression.ZSTD);
        assertThat(produce(6, "flights", data(batch)).get(0).errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE.code());
        assertThat(produce(7, "flights", data(batch)).get(0).errorCode()).isZero();
    }

    @Test
    void eachRecordWithoutAKeyIsNamedAndWhereTheLogStarts() {
        broker.answer(
                broker.door().client().createTopic(new NewTopic("keyed", 1, Map.of("cleanup.policy", "compact"))));
        PartitionProduceResponse refused =
                produce(9, "keyed", data(SteppedBroker.batch(1))).get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_RECORD.code());
        assertThat(refused.recordErrors())
                .extracting(BatchIndexAndErrorMessage::batchIndex)
                .containsExactly(0);
        assertThat(refused.logStartOffset()).isZero();
    }

    @Test
    void damageIsToldApartFromWhatIsMeantSo() {
        RecordBatch flipped = SteppedBroker.batch(10).copy();
        flipped.bytes()[flipped.sizeInBytes() - 1] ^= 1;
        PartitionProduceResponse corrupt = produce(9, "flights", data(flipped)).get(0);
        assertThat(corrupt.errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE.code());
        assertThat(corrupt.logStartOffset()).isEqualTo(-1);
        RecordBatch old = SteppedBroker.batch(10).copy();
        old.bytes()[16] = 1;
        PartitionProduceData data =
                new PartitionProduceData().index(0).records(new ByteSlice(old.bytes(), 0, old.sizeInBytes()));
        assertThat(produce(9, "flights", data).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD.code());
    }
}
