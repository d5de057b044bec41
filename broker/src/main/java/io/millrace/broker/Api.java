package io.millrace.broker;

import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.Message;
import io.millrace.record.wire.RequestKind;

/**
 * One API as this node serves it, from the lowest version of its schema on.
 *
 * @param kind of the request
 * @param highest version that is served
 * @param advertisedLowest what ApiVersions says, which for Produce is lower (KAFKA-18659)
 * @param handler of the request
 * @param counter of its requests
 */
public record Api<Q extends Message>(
        RequestKind<Q> kind,
        short highest,
        short advertisedLowest,
        Handler<Q> handler,
        RequestCounters.Counter counter) {

    /** An API in every version of its schema. */
    public static <Q extends Message> Api<Q> of(RequestKind<Q> kind, Handler<Q> handler) {
        return new Api<>(kind, kind.highest(), kind.lowest(), handler, new RequestCounters.Counter());
    }

    /** The same, up to this version. */
    public Api<Q> upTo(int version) {
        return new Api<>(kind, (short) version, advertisedLowest, handler, counter);
    }

    /** The same, of which ApiVersions says that it begins at this version. */
    public Api<Q> advertisedFrom(int version) {
        return new Api<>(kind, highest, (short) version, handler, counter);
    }

    Api<Q> counted(RequestCounters.Counter by) {
        return new Api<>(kind, highest, advertisedLowest, handler, by);
    }

    /** Kafka's number of it. */
    public short key() {
        return kind.key();
    }

    public String name() {
        return kind.name();
    }

    public short lowest() {
        return kind.lowest();
    }

    boolean serves(short version) {
        return version >= lowest() && version <= highest;
    }

    boolean isFlexible(short version) {
        return kind.isFlexible(version);
    }

    /**
     * Reads a request and begins to serve it; one of an unknown version as if it were of the lowest. Bytes behind the last field
     * are nobody's, as with Kafka.
     */
    Answer serve(ByteReader in, Call call) {
        Q request = kind.decoder().read(in, serves(call.version()) ? call.version() : lowest());
        return handler.handle(request, call);
    }
}
