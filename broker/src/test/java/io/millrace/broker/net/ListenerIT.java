package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.NetworkLimits;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.FetchRequest;
import io.millrace.log.FileLogStorage;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections may take, over sockets. */
class ListenerIT {

    private static final int BATCH_BYTES = 500_000;

    private static byte[] fetch(int correlationId, long offset) {
        return PlainClient.frame(
                FetchRequest.API_KEY, (short) 12, true, correlationId, PlainClient.fetchRequest("flights", offset));
    }

    @Test
    void aFetchThatWaitsIsAnsweredByThePublication() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                PlainClient reader = new PlainClient(node.port());
                PlainClient writer = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            reader.send(fetch(1, 0));
            writer.produce("flights", 100);

            assertThat(reader.receive())
                    .hasSizeGreaterThan(SteppedBroker.batch(100).sizeInBytes());
        }
    }

    @Test
    void recordsAreSentAsTheyWereWritten() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                PlainClient client = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            int size = 0;
            for (int valueBytes : new int[] {1, 100, 5_000, 300_000, 7, 400_000}) {
                client.produce("flights", valueBytes);
                size += SteppedBroker.batch(valueBytes).sizeInBytes();
            }
            assertThat(client.fetch("flights", 0)).isEqualTo(size);
        }
    }

    @Test
    void requestsThatNeedMoreMemoryThanThereIsAreServedInTurn() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withQueuedRequestBytesMax(1))) {
            node.createTopic("flights", 1);
            List<Thread> writers = new ArrayList<>();
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                Thread writer = new Thread(() -> {
                    try (PlainClient client = new PlainClient(node.port())) {
                        for (int round = 0; round < 10; round++) {
                            client.produce("flights", BATCH_BYTES);
                        }
                    } catch (Exception | AssertionError e) {
                        failures.add(e);
                    }
                });
                writers.add(writer);
                writer.start();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(failures).isEmpty();
            LiveNode.await(() -> node.listener().queuedRequestBytes() == 0);
        }
    }

    @Test
    void requestsThatCameTogetherAreAllAnswered() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                PlainClient client = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            client.produce("flights", 100_000);
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            for (int i = 1; i <= 5; i++) {
                together.writeBytes(fetch(i, 0));
            }
            client.send(together.toByteArray());
            for (int i = 1; i <= 5; i++) {
                assertThat(client.receive()).as("answer %d", i).hasSizeGreaterThan(100_000);
            }
        }
    }

    /** A client that asks for more than it reads is not asked for its next request before it has read. */
    @Test
    void whoDoesNotReadIsNotGivenMore() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                PlainClient writer = new PlainClient(node.port());
                PlainClient lazy = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            int size = 0;
            for (int i = 0; i < 10; i++) {
                writer.produce("flights", BATCH_BYTES);
                size += SteppedBroker.batch(BATCH_BYTES).sizeInBytes();
            }
            for (int i = 1; i <= 50; i++) {
                lazy.send(fetch(i, 0));
            }
            assertThat(writer.fetch("flights", 9)).as("others go on").isPositive();
            for (int i = 1; i <= 50; i++) {
                assertThat(lazy.receive()).as("answer %d", i).hasSizeGreaterThan(size);
            }
        }
    }

    @Test
    void connectionsFromOneAddressAreLimited() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withConnectionsMax(Integer.MAX_VALUE, 1));
                PlainClient first = new PlainClient(node.port());
                PlainClient second = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            assertThat(second.socket().getInputStream().read()).as("closed").isEqualTo(-1);
            assertThat(first.produce("flights", 1)).isZero();
        }
    }

    @Test
    void aConnectionBeyondTheLimitIsServedWhenAnotherOneEnds() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withConnectionsMax(1, Integer.MAX_VALUE));
                PlainClient first = new PlainClient(node.port());
                PlainClient second = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            assertThat(first.produce("flights", 1)).isZero();
            second.send(fetch(7, 0));
            assertThat(second.socket().getInputStream().available()).isZero();
            assertThat(first.produce("flights", 1)).isOne();

            first.close();
            assertThat(second.receive()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatLiesInFilesIsSentAsItWasWrittenAlsoToWhoReadsLate(boolean usesEpoll, @TempDir Path directory)
            throws Exception {
        int count = 20;
        try (LiveNode node = new LiveNode(new FileLogStorage(directory), NetworkLimits.DEFAULT, usesEpoll);
                PlainClient writer = new PlainClient(node.port());
                PlainClient lazy = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            for (int i = 0; i < count; i++) {
                writer.produce("flights", BATCH_BYTES);
            }
            for (int i = 1; i <= count; i++) {
                lazy.send(fetch(i, 0));
            }
            long offset = 0;
            while (offset < count) {
                ByteSlice records = writer.records("flights", offset);
                for (int at = 0; at < records.size(); ) {
                    RecordBatch batch = RecordBatch.wrap(records.bytes(), records.position() + at, records.size() - at);
                    assertThat(batch.baseOffset()).isEqualTo(offset);
                    assertThat(batch.isValidCrc()).isTrue();
                    offset = batch.nextOffset();
                    at += batch.sizeInBytes();
                }
            }
            for (int i = 1; i <= count; i++) {
                assertThat(lazy.receive()).as("answer %d", i).hasSizeGreaterThan(10 * BATCH_BYTES);
            }
        }
    }
}
