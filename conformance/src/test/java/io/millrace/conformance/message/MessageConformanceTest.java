package io.millrace.conformance.message;

import io.millrace.coordinator.record.GroupMetadataKey;
import io.millrace.coordinator.record.GroupMetadataValue;
import io.millrace.coordinator.record.OffsetCommitKey;
import io.millrace.coordinator.record.OffsetCommitValue;
import io.millrace.coordinator.record.ProducerSnapshot;
import io.millrace.coordinator.record.TransactionLogKey;
import io.millrace.coordinator.record.TransactionLogValue;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of internal topics, beside the classes of the Kafka whose records they are. */
class MessageConformanceTest {

    private static final int ROUNDS = 200;

    static Stream<MessagePair> pairs() {
        return Stream.of(
                new MessagePair(
                        OffsetCommitKey.class, org.apache.kafka.coordinator.group.generated.OffsetCommitKey.class),
                new MessagePair(
                        OffsetCommitValue.class, org.apache.kafka.coordinator.group.generated.OffsetCommitValue.class),
                new MessagePair(
                        GroupMetadataKey.class, org.apache.kafka.coordinator.group.generated.GroupMetadataKey.class),
                new MessagePair(
                        GroupMetadataValue.class,
                        org.apache.kafka.coordinator.group.generated.GroupMetadataValue.class),
                new MessagePair(
                        TransactionLogKey.class,
                        org.apache.kafka.coordinator.transaction.generated.TransactionLogKey.class),
                new MessagePair(
                        TransactionLogValue.class,
                        org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.class),
                new MessagePair(
                        ProducerSnapshot.class,
                        org.apache.kafka.server.log.remote.metadata.storage.generated.ProducerSnapshot.class));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothSidesEncodeAndDecodeEveryVersionAlike(MessagePair pair) throws ReflectiveOperationException {
        pair.requireTheSameBytes(ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everySetterSetsWhatItsAccessorReturns(MessagePair pair) throws ReflectiveOperationException {
        pair.requireSettersThatSet(ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aDamagedMessageIsReadOrRefusedAndNothingElse(MessagePair pair) throws ReflectiveOperationException {
        pair.requireThatDamageIsBounded(ROUNDS);
    }
}
