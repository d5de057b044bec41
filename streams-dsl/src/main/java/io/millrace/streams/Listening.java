package io.millrace.streams;

import io.millrace.node.LogNode;
import io.millrace.node.NodeService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ServiceLoader;

/** Opens the log of this process to clients of others, by the service that is on the class path. */
final class Listening {

    /** {@code host:port} at which {@link Millrace#open} listens by itself; set by {@code ./millrace run --listen}. */
    static final String PROPERTY = "millrace.listen";

    /** {@code true} lets it listen at an address that other machines reach. */
    static final String INSECURE_PROPERTY = "millrace.listen.insecure";

    private static final int PORT_MAX = 65_535;

    private Listening() {}

    static NodeService.Served open(LogNode node, String address, boolean insecure) {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon <= 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > PORT_MAX) {
            throw new MillraceException(
                    "an address to listen at is host:port, such as 127.0.0.1:9092, not '" + address + "'");
        }
        String host = address.substring(0, colon).replace("[", "").replace("]", "");
        if (!insecure && !isLoopback(host)) {
            throw new MillraceException(
                    host + " is reached by other machines, and whoever reaches it may read and write"
                            + " everything: listen at 127.0.0.1, or say that it shall be insecure");
        }
        NodeService service = ServiceLoader.load(NodeService.class, Listening.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new MillraceException(
                        "nothing on the class path serves the log to others: add millrace-broker to it"));
        try {
            return service.serve(node, host, Integer.parseInt(port));
        } catch (IOException e) {
            throw new MillraceException("the log cannot be served at " + address + ": " + e.getMessage(), e);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new MillraceException("there is no host " + host, e);
        }
    }
}
