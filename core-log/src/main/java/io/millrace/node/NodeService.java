package io.millrace.node;

import java.io.IOException;

/**
 * Serves a node of this process to clients of other processes. Found by {@link java.util.ServiceLoader}, so that who embeds a
 * node decides by the class path alone whether it has one: {@code millrace-broker} serves Kafka's protocol.
 */
public interface NodeService {

    /**
     * Listens, and returns when clients can connect. Whoever reaches the address may do everything.
     *
     * @param host a name or an address of this machine
     * @param port 0 takes a free one
     * @throws IOException if nothing can listen there, for instance because the port is in use
     */
    Served serve(LogNode node, String host, int port) throws IOException;

    /** A node that is being served; closed before it. */
    interface Served extends AutoCloseable {

        /** As clients are told: {@code host:port}. */
        String address();

        @Override
        void close();
    }
}
