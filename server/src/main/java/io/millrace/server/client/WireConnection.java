package io.millrace.server.client;

import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ApiVersionsResponse;
import io.millrace.broker.message.ApiVersionsResponse.ApiVersion;
import io.millrace.broker.message.RequestHeader;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.client.ErrorCode;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.MalformedMessageException;
import io.millrace.record.wire.Message;
import io.millrace.record.wire.RequestKind;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One connection to a node that speaks Kafka's protocol: one request at a time, in the newest version that both know. Blocking,
 * for one thread. Which versions the node knows is asked when the connection is opened (KIP-35).
 */
final class WireConnection implements AutoCloseable {

    /** Longer than any answer of ours is held back: a group may rebalance for a minute. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(90);

    /** Above what a response to a fetch of ours can be; what claims more is no answer of Kafka's protocol. */
    private static final int FRAME_BYTES_MAX = 256 << 20;

    private static final int FRAME_PREFIX_BYTES = Integer.BYTES;
    private static final short API_VERSIONS_ASKED = 3;
    private static final String CLIENT_ID = "millrace-cli";
    private static final short REQUEST_HEADER = 1;
    private static final short REQUEST_HEADER_FLEXIBLE = 2;

    private record Range(short lowest, short highest) {}

    private final NodeAddress address;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<Short, Range> served = new HashMap<>();
    private int correlationId;

    private WireConnection(NodeAddress address, Socket socket) throws IOException {
        this.address = address;
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** @throws ClientException if nobody who speaks Kafka's protocol answers there */
    static WireConnection open(NodeAddress address, Duration connectMax) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) ANSWER_MAX.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) connectMax.toMillis());
            WireConnection connection = new WireConnection(address, socket);
            connection.askVersions();
            return connection;
        } catch (UnknownHostException e) {
            closeQuietly(socket);
            throw new ClientException("there is no host " + address.host() + ".", e);
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket);
            if (e instanceof ClientException known) {
                throw known;
            }
            throw new ClientException(
                    "no node answers at " + address + " (" + e.getMessage()
                            + "); start one, or name another with --bootstrap host:port.",
                    e);
        }
    }

    private void askVersions() {
        ApiVersionsRequest request =
                new ApiVersionsRequest().clientSoftwareName("millrace").clientSoftwareVersion("0.1");
        ApiVersionsResponse response = askVersions(request, API_VERSIONS_ASKED);
        if (response.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code()) {
            response = askVersions(new ApiVersionsRequest(), (short) 0);
        }
        ClientException.check("the versions of " + address, response.errorCode(), null);
        for (ApiVersion one : response.apiKeys()) {
            served.put(one.apiKey(), new Range(one.minVersion(), one.maxVersion()));
        }
    }

    private ApiVersionsResponse askVersions(ApiVersionsRequest request, short version) {
        byte[] answer = exchange(ApiVersionsRequest.KIND, version, request);
        // A node that does not know the version answers in the oldest, in which the error is the first field too.
        boolean isOldest = body(answer, false).int16() == ErrorCode.UNSUPPORTED_VERSION.code();
        return ApiVersionsResponse.read(body(answer, false), isOldest ? (short) 0 : version);
    }

    NodeAddress address() {
        return address;
    }

    /** Whether the node serves a request in a version that we know. */
    boolean serves(RequestKind<?> kind) {
        Range range = served.get(kind.key());
        return range != null && range.highest() >= kind.lowest() && range.lowest() <= kind.highest();
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param highest version that the caller has in mind
     * @throws ClientException if the node does not serve it, or the connection is lost
     */
    <Q extends Message, R> R ask(RequestKind<Q> kind, int highest, Q request, Message.Decoder<R> decoder) {
        short version = version(kind, highest);
        try {
            return decoder.read(body(exchange(kind, version, request), kind.isFlexible(version)), version);
        } catch (MalformedMessageException e) {
            throw new ClientException(
                    address + " answers " + kind.name() + " with what is no answer: " + e.getMessage() + ".", e);
        }
    }

    /** The version in which a request would be sent. */
    short version(RequestKind<?> kind, int highest) {
        Range range = served.get(kind.key());
        if (range == null) {
            throw new ClientException("the node at " + address + " does not serve " + kind.name()
                    + ", which this needs; it is not built yet, or the node is too old for it.");
        }
        int version = Math.min(Math.min(kind.highest(), highest), range.highest());
        if (version < kind.lowest() || version < range.lowest()) {
            throw new ClientException("the node at " + address + " serves " + kind.name() + " in versions "
                    + range.lowest() + " to " + range.highest() + "; this program knows " + kind.lowest() + " to "
                    + Math.min(kind.highest(), highest) + ".");
        }
        return (short) version;
    }

    private byte[] exchange(RequestKind<?> kind, short version, Message request) {
        correlationId++;
        ByteWriter frame = new ByteWriter();
        frame.int32(0);
        new RequestHeader()
                .requestApiKey(kind.key())
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId(CLIENT_ID)
                .write(frame, kind.isFlexible(version) ? REQUEST_HEADER_FLEXIBLE : REQUEST_HEADER);
        request.write(frame, version);
        frame.setInt32(0, frame.size() - FRAME_PREFIX_BYTES);
        try {
            out.write(frame.bytes(), 0, frame.size());
            out.flush();
            return answer();
        } catch (SocketTimeoutException e) {
            throw new ClientException(
                    address + " gave no answer to " + kind.name() + " within " + ANSWER_MAX.toSeconds() + " s.", e);
        } catch (IOException e) {
            throw new ClientException("the connection to " + address + " was lost during " + kind.name() + ".", e);
        }
    }

    private byte[] answer() throws IOException {
        int size = in.readInt();
        if (size < Integer.BYTES || size > FRAME_BYTES_MAX) {
            throw new ClientException(
                    address + " does not speak Kafka's protocol: it claims an answer of " + size + " bytes.");
        }
        byte[] answer = in.readNBytes(size);
        if (answer.length < size) {
            throw new EOFException("an answer broke off");
        }
        return answer;
    }

    /** What follows the header, which ApiVersions has without tags in every version. */
    private ByteReader body(byte[] answer, boolean hasTags) {
        ByteReader body = new ByteReader(answer);
        ResponseHeader header = ResponseHeader.read(body, (short) (hasTags ? 1 : 0));
        if (header.correlationId() != correlationId) {
            throw new ClientException(
                    address + " answered request " + header.correlationId() + " instead of " + correlationId + ".");
        }
        return body;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was sent that could be lost.
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }
}
