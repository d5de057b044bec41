package io.millrace.broker;

import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.RequestHeader;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.MalformedMessageException;
import io.millrace.record.wire.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection and their answers. Pure: takes frames, gives frames; owned by the event loop of the
 * connection.
 *
 * <p>Answers leave in the order of the requests. As with Kafka a request begins when the one before is answered; produce
 * requests alone may overlap, since the node takes them in their order anyway.
 */
public final class Session {

    /** Requests that are read ahead at most; beyond it the socket is not read. Kafka's producers keep 5 on their way. */
    static final int REQUESTS_MAX = 16;

    private static final short REQUEST_HEADER = 1;
    private static final short REQUEST_HEADER_FLEXIBLE = 2;
    private static final short RESPONSE_HEADER = 0;
    private static final short RESPONSE_HEADER_FLEXIBLE = 1;
    private static final int FRAME_PREFIX_BYTES = Integer.BYTES;

    /** Payloads of so many bytes or more are not copied into the frame. */
    private static final int DETACHED_BYTES_MIN = 4 << 10;

    /** Where frames go. */
    public interface Sender {

        /** Takes a frame with its length in front; what is detached in it is sent from where it is. */
        void send(ByteWriter frame);

        /**
         * Whether the socket keeps up, and the node too: otherwise no further request is begun, so that its answer needs no
         * memory yet, nor its work.
         */
        boolean hasRoom();
    }

    private record Waiting(Api<?> api, Call call, int correlationId, ByteReader body, int frameBytes) {}

    private static final class Serving {
        private final Waiting request;
        private final Answer answer;
        private boolean isAsked;
        private boolean wakes;

        Serving(Waiting request, Answer answer) {
            this.request = request;
            this.answer = answer;
        }

        Api<?> api() {
            return request.api();
        }

        short version() {
            return request.call().version();
        }
    }

    private final Map<Short, Api<?>> apis;
    private final Principal principal;
    private final Endpoint listener;
    private final String clientHost;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Serving> serving = new ArrayDeque<>();
    private Runnable wake = () -> {};
    private int heldBytes;
    private @Nullable String end;

    /** @param clientHost as {@link Call} has it */
    public Session(Map<Short, Api<?>> apis, Principal principal, Endpoint listener, String clientHost) {
        this.apis = apis;
        this.principal = principal;
        this.listener = listener;
        this.clientHost = clientHost;
    }

    /** What answers may call when {@link #step} has something to do. */
    public void onWake(Runnable due) {
        this.wake = due;
    }

    /** Takes a request, without its length. */
    public void take(byte[] frame, long nowMs) {
        if (end != null) {
            return;
        }
        try {
            Waiting taken = read(frame, nowMs);
            taken.api().counter().begun(frame.length);
            waiting.add(taken);
            heldBytes += frame.length;
        } catch (MalformedMessageException e) {
            end = "a request cannot be read: " + e.getMessage();
        }
    }

    private Waiting read(byte[] frame, long nowMs) {
        ByteReader ahead = new ByteReader(frame);
        short key = ahead.int16();
        short version = ahead.int16();
        Api<?> api = apis.get(key);
        if (api == null) {
            throw new MalformedMessageException("there is no API " + key + " here");
        }
        if (key == ApiVersionsRequest.API_KEY && !api.serves(version)) {
            // Answered in the oldest form, which every client reads; the request is in a form that nobody here knows.
            Call call = new Call(version, null, principal, listener, clientHost, nowMs);
            return new Waiting(api, call, ahead.int32(), new ByteReader(new byte[0]), frame.length);
        }
        if (!api.serves(version)) {
            throw new MalformedMessageException(api.name() + " is served in versions " + api.lowest() + " to "
                    + api.highest() + ", not in " + version);
        }
        ByteReader in = new ByteReader(frame);
        RequestHeader header =
                RequestHeader.read(in, api.isFlexible(version) ? REQUEST_HEADER_FLEXIBLE : REQUEST_HEADER);
        Call call = new Call(version, header.clientId(), principal, listener, clientHost, nowMs);
        return new Waiting(api, call, header.correlationId(), in, frame.length);
    }

    /** Whether more requests may be read from the socket. */
    public boolean takesMore() {
        return end == null && waiting.size() + serving.size() < REQUESTS_MAX;
    }

    /** Why the connection is to be closed, once everything before has been sent. */
    public @Nullable String end() {
        return end;
    }

    /** When {@link #step} is due although nobody signals, monotonic ms. */
    public long deadlineMs() {
        Serving head = serving.peek();
        return head == null ? Answer.NO_DEADLINE : head.answer.deadlineMs();
    }

    /** Whether {@link #step} is due after every signal of the node's door: what is waited for calls nobody by itself. */
    public boolean needsSignals() {
        Serving head = serving.peek();
        return head != null && !head.wakes;
    }

    /** Bytes of frames that are still needed: of requests that have not begun, and of records on their way into the log. */
    public int heldBytes() {
        return heldBytes;
    }

    /** Begins what may begin, and sends what is answered. */
    public void step(long nowMs, Sender sender) {
        do {
            while (!serving.isEmpty() && sendHead(nowMs, sender)) {
                letGoOf(serving.remove());
            }
        } while (begin(sender) && end == null);
    }

    /** Whether a request has not begun for the one reason that the sender had no room. */
    public boolean isHeldUp() {
        return end == null && !waiting.isEmpty() && mayBegin(waiting.element());
    }

    private void letGoOf(Serving answered) {
        if (isProduce(answered.api())) {
            heldBytes -= answered.request.frameBytes();
        }
    }

    private boolean begin(Sender sender) {
        boolean begun = false;
        while (end == null && !waiting.isEmpty() && sender.hasRoom() && mayBegin(waiting.element())) {
            Waiting next = waiting.remove();
            begun = true;
            serving.add(new Serving(next, serve(next)));
            if (!isProduce(next.api())) {
                heldBytes -= next.frameBytes(); // it was read into objects of its own
            }
        }
        return begun;
    }

    private static boolean isProduce(Api<?> api) {
        return api.key() == ProduceRequest.API_KEY;
    }

    private boolean mayBegin(Waiting next) {
        Serving last = serving.peekLast();
        return last == null || isProduce(last.api()) && isProduce(next.api());
    }

    private static Answer serve(Waiting request) {
        try {
            return request.api().serve(request.body(), request.call());
        } catch (MalformedMessageException e) {
            return Answer.hangup("a request of " + request.api().name() + " cannot be read: " + e.getMessage());
        }
    }

    private boolean sendHead(long nowMs, Sender sender) {
        Serving head = serving.element();
        Answer.Outcome outcome = head.answer.poll(nowMs);
        if (outcome == null && !head.isAsked) {
            head.isAsked = true;
            head.wakes = head.answer.wakes(wake);
        }
        if (outcome instanceof Answer.Response response) {
            send(head, response.message(), sender);
        } else if (outcome instanceof Answer.Hangup hangup) {
            end = hangup.why();
        }
        if (outcome != null) {
            head.api().counter().answered(nowMs - head.request.call().nowMs());
        }
        return outcome != null;
    }

    private static void send(Serving head, Message message, Sender sender) {
        boolean isApiVersions = head.api().key() == ApiVersionsRequest.API_KEY;
        short version = isApiVersions && !head.api().serves(head.version()) ? 0 : head.version();
        ByteWriter out = ByteWriter.detaching(DETACHED_BYTES_MIN);
        out.int32(0);
        ResponseHeader header = new ResponseHeader().correlationId(head.request.correlationId());
        header.write(
                out, !isApiVersions && head.api().isFlexible(version) ? RESPONSE_HEADER_FLEXIBLE : RESPONSE_HEADER);
        message.write(out, version);
        int size = out.totalSize() - FRAME_PREFIX_BYTES;
        out.setInt32(0, size);
        head.api().counter().sent(size);
        sender.send(out);
    }

    /** The connection is gone. */
    public void close() {
        waiting.clear();
        serving.forEach(one -> one.answer.cancel());
        serving.clear();
        heldBytes = 0;
    }
}
