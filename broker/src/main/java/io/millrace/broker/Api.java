package io.millrace.broker;

import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.Message;

/**
 * One API as this node serves it.
 *
 * @param key Kafka's number of it
 * @param name for people
 * @param lowest version that is served
 * @param highest version that is served
 * @param advertisedLowest what ApiVersions says, which for Produce is lower (KAFKA-18659)
 * @param lowestFlexible version from which the header of the request has tagged fields
 * @param decoder of the request
 * @param handler of the request
 */
public record Api<Q extends Message>(
        short key,
        String name,
        short lowest,
        short highest,
        short advertisedLowest,
        int lowestFlexible,
        Message.Decoder<Q> decoder,
        Handler<Q> handler) {

    boolean serves(short version) {
        return version >= lowest && version <= highest;
    }

    boolean isFlexible(short version) {
        return version >= lowestFlexible;
    }

    /** Reads a request, all of it, and begins to serve it; one of an unknown version as if it were of the lowest. */
    Answer serve(ByteReader in, Call call) {
        Q request = decoder.read(in, serves(call.version()) ? call.version() : lowest);
        in.checkEnd();
        return handler.handle(request, call);
    }
}
