package io.millrace.record.wire;

/**
 * What a schema says of one kind of request.
 *
 * @param key Kafka's number of the API
 * @param name of the API, for people
 * @param lowest version that the schema has
 * @param highest version that the schema has
 * @param lowestFlexible version from which on the headers of request and response have tagged fields (KIP-482)
 * @param decoder of the request
 */
public record RequestKind<Q extends Message>(
        short key, String name, short lowest, short highest, int lowestFlexible, Message.Decoder<Q> decoder) {

    /** Whether the headers of request and response have tagged fields in this version. */
    public boolean isFlexible(short version) {
        return version >= lowestFlexible;
    }
}
