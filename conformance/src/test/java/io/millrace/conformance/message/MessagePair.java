package io.millrace.conformance.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.MalformedMessageException;
import io.millrace.record.wire.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.protocol.types.Schema;

/** Our class of a message and Kafka's, and what must be true of the two. */
public record MessagePair(Class<?> ours, Class<?> theirs) {

    @Override
    public String toString() {
        return ours.getSimpleName();
    }

    private short lowest() throws ReflectiveOperationException {
        return ours.getField("LOWEST_VERSION").getShort(null);
    }

    private short highest() throws ReflectiveOperationException {
        return ours.getField("HIGHEST_VERSION").getShort(null);
    }

    private Message read(byte[] bytes, short version) throws ReflectiveOperationException {
        ByteReader in = new ByteReader(bytes);
        Message message =
                (Message) ours.getMethod("read", ByteReader.class, short.class).invoke(null, in, version);
        in.checkEnd();
        return message;
    }

    /** Both sides encode and decode every version alike. */
    public void requireTheSameBytes(int rounds) throws ReflectiveOperationException {
        Schema[] schemas = KafkaMessages.schemas(theirs);
        assertThat((int) highest()).isEqualTo(schemas.length - 1);
        for (short version = lowest(); version <= highest(); version++) {
            for (long seed = 1; seed <= rounds; seed++) {
                String what = this + " version " + version + " seed " + seed;
                KafkaMessages kafka = new KafkaMessages(new Random(seed));
                var message = (org.apache.kafka.common.protocol.Message) kafka.random(theirs, schemas[version]);
                byte[] expected = KafkaMessages.encode(message, version);

                Message read = read(expected, version);
                byte[] encoded = read.encode(version);

                assertThat(Plain.of(read)).as(what).isEqualTo(Plain.of(message));
                assertThat(encoded).as(what).isEqualTo(expected);
                assertThat(KafkaMessages.decode(theirs, encoded, version))
                        .as(what)
                        .isEqualTo(message);
                assertThat(read(encoded, version)).as(what).isEqualTo(read).hasSameHashCodeAs(read);
            }
        }
    }

    /** Every setter sets what its accessor returns. */
    public void requireSettersThatSet(int rounds) throws ReflectiveOperationException {
        Schema schema = KafkaMessages.schemas(theirs)[highest()];
        for (long seed = 1; seed <= rounds; seed++) {
            Object random = new KafkaMessages(new Random(seed)).random(theirs, schema);
            byte[] bytes = KafkaMessages.encode((org.apache.kafka.common.protocol.Message) random, highest());
            Message message = read(bytes, highest());
            Object copy = ours.getDeclaredConstructor().newInstance();

            for (Method setter : ours.getMethods()) {
                if (setter.getReturnType() == ours && setter.getParameterCount() == 1) {
                    setter.invoke(copy, ours.getMethod(setter.getName()).invoke(message));
                }
            }

            assertThat(copy).as("seed %d", seed).isEqualTo(message);
        }
    }

    /** A damaged message is read or refused, and nothing else. */
    public void requireThatDamageIsBounded(int rounds) throws ReflectiveOperationException {
        Schema[] schemas = KafkaMessages.schemas(theirs);
        for (short version = lowest(); version <= highest(); version++) {
            for (long seed = 1; seed <= rounds; seed++) {
                Random random = new Random(seed);
                Object message = new KafkaMessages(random).random(theirs, schemas[version]);
                byte[] bytes = KafkaMessages.encode((org.apache.kafka.common.protocol.Message) message, version);
                byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                readOrRefuse(damaged, version, this + " version " + version + " seed " + seed);
            }
        }
    }

    private void readOrRefuse(byte[] bytes, short version, String what) throws ReflectiveOperationException {
        try {
            assertThat(read(bytes, version)).as(what).isNotNull();
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).as(what).isInstanceOf(MalformedMessageException.class);
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).as(what).contains("follow the end");
        }
    }
}
