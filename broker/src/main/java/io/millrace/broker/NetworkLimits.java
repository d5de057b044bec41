package io.millrace.broker;

/**
 * What the connections of a node may take, those of all its listeners together, under Kafka's names.
 *
 * @param connectionsMax {@code max.connections}: when there are so many, new ones wait until one of them ends
 * @param connectionsPerIpMax {@code max.connections.per.ip}: further ones from the same address are closed at once
 * @param queuedRequestBytesMax {@code queued.max.request.bytes}: memory of requests that are not served yet, over all
 *     connections. When it is used up sockets are not read, except for one connection at a time, so that the node always goes
 *     on. -1, the default, is a quarter of the heap (Kafka has no limit)
 * @param fetchSessionsMax {@code max.incremental.fetch.session.cache.slots}, spread over the event loops
 */
public record NetworkLimits(
        int connectionsMax, int connectionsPerIpMax, long queuedRequestBytesMax, int fetchSessionsMax) {

    /** {@link #queuedRequestBytesMax} that follows the size of the heap. */
    public static final long QUARTER_OF_HEAP = -1;

    public static final NetworkLimits DEFAULT =
            new NetworkLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, QUARTER_OF_HEAP, 1000);

    public NetworkLimits {
        if (connectionsMax < 1 || connectionsPerIpMax < 0 || fetchSessionsMax < 0) {
            throw new IllegalArgumentException("max.connections must be 1 or more, max.connections.per.ip and"
                    + " max.incremental.fetch.session.cache.slots 0 or more; they are " + connectionsMax + ", "
                    + connectionsPerIpMax + " and " + fetchSessionsMax);
        }
        if (queuedRequestBytesMax < 1 && queuedRequestBytesMax != QUARTER_OF_HEAP) {
            throw new IllegalArgumentException(
                    "queued.max.request.bytes must be 1 or more, or -1; it is " + queuedRequestBytesMax);
        }
    }

    /** The same with this many bytes of requests at most. */
    public NetworkLimits withQueuedRequestBytesMax(long bytes) {
        return new NetworkLimits(connectionsMax, connectionsPerIpMax, bytes, fetchSessionsMax);
    }

    /** The same with this many connections at most, and this many from one address. */
    public NetworkLimits withConnectionsMax(int all, int perIp) {
        return new NetworkLimits(all, perIp, queuedRequestBytesMax, fetchSessionsMax);
    }
}
