package io.millrace.conformance.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.record.GroupMetadataKey;
import io.millrace.coordinator.record.GroupMetadataValue;
import io.millrace.coordinator.record.OffsetCommitKey;
import io.millrace.coordinator.record.OffsetCommitValue;
import io.millrace.coordinator.record.ProducerSnapshot;
import io.millrace.coordinator.record.TransactionLogKey;
import io.millrace.coordinator.record.TransactionLogValue;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.MalformedMessageException;
import io.millrace.record.wire.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.types.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageConformanceTest {

    private static final int ROUNDS = 200;

    /** Our class and Kafka's. */
    record Pair(Class<? extends Message> ours, Class<?> theirs) {
        @Override
        public String toString() {
            return ours.getSimpleName();
        }

        short lowest() throws ReflectiveOperationException {
            return ours.getField("LOWEST_VERSION").getShort(null);
        }

        short highest() throws ReflectiveOperationException {
            return ours.getField("HIGHEST_VERSION").getShort(null);
        }

        Message read(byte[] bytes, short version) throws ReflectiveOperationException {
            ByteReader in = new ByteReader(bytes);
            Message message = (Message)
                    ours.getMethod("read", ByteReader.class, short.class).invoke(null, in, version);
            in.checkEnd();
            return message;
        }
    }

    static Stream<Pair> pairs() {
        return Stream.of(
                new Pair(OffsetCommitKey.class, org.apache.kafka.coordinator.group.generated.OffsetCommitKey.class),
                new Pair(OffsetCommitValue.class, org.apache.kafka.coordinator.group.generated.OffsetCommitValue.class),
                new Pair(GroupMetadataKey.class, org.apache.kafka.coordinator.group.generated.GroupMetadataKey.class),
                new Pair(
                        GroupMetadataValue.class,
                        org.apache.kafka.coordinator.group.generated.GroupMetadataValue.class),
                new Pair(
                        TransactionLogKey.class,
                        org.apache.kafka.coordinator.transaction.generated.TransactionLogKey.class),
                new Pair(
                        TransactionLogValue.class,
                        org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.class),
                new Pair(
                        ProducerSnapshot.class,
                        org.apache.kafka.server.log.remote.metadata.storage.generated.ProducerSnapshot.class));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothSidesEncodeAndDecodeEveryVersionAlike(Pair pair) throws ReflectiveOperationException {
        Schema[] schemas = KafkaMessages.schemas(pair.theirs());
        assertThat((int) pair.highest()).isEqualTo(schemas.length - 1);
        for (short version = pair.lowest(); version <= pair.highest(); version++) {
            for (long seed = 1; seed <= ROUNDS; seed++) {
                String what = pair + " version " + version + " seed " + seed;
                KafkaMessages kafka = new KafkaMessages(new Random(seed));
                var theirs = (org.apache.kafka.common.protocol.Message) kafka.random(pair.theirs(), schemas[version]);
                byte[] expected = KafkaMessages.encode(theirs, version);

                Message ours = pair.read(expected, version);
                byte[] encoded = ours.encode(version);

                assertThat(Plain.of(ours)).as(what).isEqualTo(Plain.of(theirs));
                assertThat(encoded).as(what).isEqualTo(expected);
                assertThat(KafkaMessages.decode(pair.theirs(), encoded, version))
                        .as(what)
                        .isEqualTo(theirs);
                assertThat(pair.read(encoded, version)).as(what).isEqualTo(ours).hasSameHashCodeAs(ours);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everySetterSetsWhatItsAccessorReturns(Pair pair) throws ReflectiveOperationException {
        Schema schema = KafkaMessages.schemas(pair.theirs())[pair.highest()];
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Object theirs = new KafkaMessages(new Random(seed)).random(pair.theirs(), schema);
            byte[] bytes = KafkaMessages.encode((org.apache.kafka.common.protocol.Message) theirs, pair.highest());
            Message message = pair.read(bytes, pair.highest());
            Message copy = pair.ours().getDeclaredConstructor().newInstance();

            for (Method setter : pair.ours().getMethods()) {
                if (setter.getReturnType() == pair.ours() && setter.getParameterCount() == 1) {
                    setter.invoke(copy, pair.ours().getMethod(setter.getName()).invoke(message));
                }
            }

            assertThat(copy).as("seed %d", seed).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aDamagedMessageIsReadOrRefusedAndNothingElse(Pair pair) throws ReflectiveOperationException {
        Schema[] schemas = KafkaMessages.schemas(pair.theirs());
        for (short version = pair.lowest(); version <= pair.highest(); version++) {
            for (long seed = 1; seed <= ROUNDS; seed++) {
                Random random = new Random(seed);
                Object theirs = new KafkaMessages(random).random(pair.theirs(), schemas[version]);
                byte[] bytes = KafkaMessages.encode((org.apache.kafka.common.protocol.Message) theirs, version);
                byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                readOrRefuse(pair, damaged, version, pair + " version " + version + " seed " + seed);
            }
        }
    }

    private static void readOrRefuse(Pair pair, byte[] bytes, short version, String what)
            throws ReflectiveOperationException {
        try {
            assertThat(pair.read(bytes, version)).as(what).isNotNull();
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).as(what).isInstanceOf(MalformedMessageException.class);
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).as(what).contains("follow the end");
        }
    }
}
