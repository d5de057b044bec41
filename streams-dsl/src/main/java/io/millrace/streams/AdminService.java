package io.millrace.streams;

import io.millrace.node.NodeService;
import java.io.IOException;

/**
 * Shows whoever runs a process how its jobs and its log are. Found by {@link java.util.ServiceLoader}, so that the class path alone
 * decides whether there is one: {@code millrace-server} answers health and metrics over HTTP.
 */
public interface AdminService {

    /**
     * Listens, and returns when it can be asked.
     *
     * @param host of the loopback interface
     * @param port 0 takes a free one
     * @throws IOException if nothing can listen there, for instance because the port is in use
     */
    NodeService.Served serve(Millrace millrace, String host, int port) throws IOException;
}
