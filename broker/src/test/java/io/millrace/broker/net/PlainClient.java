package io.millrace.broker.net;

import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.RequestHeader;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client of few words, which gives up when it is not answered within {@link #ANSWER_MS_MAX}. */
final class PlainClient implements AutoCloseable {

    static final int ANSWER_MS_MAX = 20_000;

    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    PlainClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MS_MAX);
        in = new DataInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    /** The bytes of a request, with its length in front. */
    static byte[] frame(short key, short version, boolean flexible, int correlationId, Message body) {
        ByteWriter out = new ByteWriter();
        out.int32(0);
        new RequestHeader()
                .requestApiKey(key)
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId("plain")
                .write(out, (short) (flexible ? 2 : 1));
        body.write(out, version);
        out.setInt32(0, out.size() - Integer.BYTES);
        return out.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The next response, without its length. */
    byte[] receive() throws IOException {
        byte[] response = new byte[in.readInt()];
        in.readFully(response);
        return response;
    }

    private ByteReader ask(short key, short version, Message body) throws IOException {
        send(frame(key, version, true, ++correlationId, body));
        ByteReader response = new ByteReader(receive());
        int answered = ResponseHeader.read(response, (short) 1).correlationId();
        if (answered != correlationId) {
            throw new AssertionError("answer " + answered + " to request " + correlationId);
        }
        return response;
    }

    /** Appends one record and returns its offset. */
    long produce(String topic, int valueBytes) throws IOException {
        RecordBatch batch = SteppedBroker.batch(valueBytes);
        ByteSlice records = new ByteSlice(batch.bytes(), batch.position(), batch.sizeInBytes());
        ProduceRequest request = new ProduceRequest().acks((short) -1).timeoutMs(ANSWER_MS_MAX);
        TopicProduceData data = new TopicProduceData().name(topic);
        data.partitionData().add(new PartitionProduceData().index(0).records(records));
        request.topicData().add(data);
        ProduceResponse response =
                ProduceResponse.read(ask(ProduceRequest.API_KEY, PRODUCE_VERSION, request), PRODUCE_VERSION);
        var partition = response.responses().get(0).partitionResponses().get(0);
        if (partition.errorCode() != 0) {
            throw new AssertionError("refused: " + partition.errorMessage());
        }
        return partition.baseOffset();
    }

    /** Bytes of records from this offset on. */
    int fetch(String topic, long offset) throws IOException {
        return records(topic, offset).size();
    }

    /** Records from this offset on. */
    ByteSlice records(String topic, long offset) throws IOException {
        FetchResponse response = FetchResponse.read(
                ask(FetchRequest.API_KEY, FETCH_VERSION, fetchRequest(topic, offset)), FETCH_VERSION);
        return (ByteSlice) response.responses().get(0).partitions().get(0).records();
    }

    static FetchRequest fetchRequest(String topic, long offset) {
        FetchTopic data = new FetchTopic().topic(topic);
        data.partitions().add(new FetchPartition().fetchOffset(offset).partitionMaxBytes(10 << 20));
        FetchRequest request = new FetchRequest().minBytes(1).maxBytes(10 << 20).maxWaitMs(ANSWER_MS_MAX);
        request.topics().add(data);
        return request;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
