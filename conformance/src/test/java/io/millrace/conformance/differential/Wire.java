package io.millrace.conformance.differential;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One connection: requests as Kafka's own classes write them, or any bytes, and the answers. */
public final class Wire implements AutoCloseable {

    /** No answer for so long is one that does not come, ms. */
    private static final int ANSWER_MS_MAX = 3_000;

    private static final int FRAME_BYTES_MAX = 64 << 20;

    private record Asked(ApiKeys api, short version, int correlationId) {}

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private int correlations;

    public Wire(String address) throws IOException {
        var parts = address.split(":");
        socket = new Socket(parts[0], Integer.parseInt(parts[1]));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MS_MAX);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** @param isAnswered false for a produce request without acknowledgement */
    public void send(ApiKeys api, short version, ApiMessage body, boolean isAnswered) throws IOException {
        var frame = frame(api, version, body);
        if (isAnswered) {
            asked.add(new Asked(api, version, correlations));
        }
        sendFrame(frame);
    }

    /** A request as bytes, without its length. */
    byte[] frame(ApiKeys api, short version, ApiMessage body) {
        var headerVersion = api.requestHeaderVersion(version);
        var header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(++correlations)
                .setClientId("differential");
        var head = bytes(MessageUtil.toByteBufferAccessor(header, headerVersion).buffer());
        var rest = bytes(MessageUtil.toByteBufferAccessor(body, version).buffer());
        return ByteBuffer.allocate(head.length + rest.length)
                .put(head)
                .put(rest)
                .array();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    void sendFrame(byte[] frame) throws IOException {
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
    }

    /** Bytes as they are, with no length in front. */
    void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next answer; empty if the connection is closed instead. */
    public Optional<ApiMessage> receive() throws IOException {
        var expected = asked.remove();
        var frame = receiveFrame();
        if (frame.isEmpty()) {
            return Optional.empty();
        }
        var buffer = new ByteBufferAccessor(frame.get());
        var header = new ResponseHeaderData(buffer, expected.api().responseHeaderVersion(expected.version()));
        if (header.correlationId() != expected.correlationId()) {
            throw new IOException("the answer to request " + header.correlationId() + " came instead of the one to "
                    + expected.correlationId());
        }
        var body = expected.api().messageType.newResponse();
        body.read(buffer, expected.version());
        if (buffer.remaining() > 0) {
            throw new IOException(buffer.remaining() + " bytes left over in an answer of " + expected.api());
        }
        return Optional.of(body);
    }

    /** The bytes of the next answer, without their length; empty if the connection is closed instead. */
    Optional<ByteBuffer> receiveFrame() throws IOException {
        var size = 0;
        try {
            size = in.readInt();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException closed) {
            return Optional.empty();
        }
        if (size < 0 || size > FRAME_BYTES_MAX) {
            throw new IOException("an answer of " + size + " bytes");
        }
        var bytes = new byte[size];
        in.readFully(bytes);
        return Optional.of(ByteBuffer.wrap(bytes));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
