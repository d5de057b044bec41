package io.millrace.streams;

import io.millrace.node.LogNode;
import io.millrace.node.NodeService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ServiceLoader;

/** Opens this process to others, by the services that are on the class path. */
final class Listening {

    /** {@code host:port} at which {@link Millrace#open} listens by itself; set by {@code ./millrace run --listen}. */
    static final String PROPERTY = "millrace.listen";

    /** {@code true} lets it listen at an address that other machines reach. */
    static final String INSECURE_PROPERTY = "millrace.listen.insecure";

    /** {@code host:port} of health and metrics, which {@link Millrace#open} opens; set by {@code ./millrace run --admin}. */
    static final String ADMIN_PROPERTY = "millrace.admin";

    private static final int PORT_MAX = 65_535;

    private record Address(String host, int port) {

        static Address parse(String text) {
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            if (colon <= 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > PORT_MAX) {
                throw new MillraceException(
                        "an address to listen at is host:port, such as 127.0.0.1:9092, not '" + text + "'");
            }
            return new Address(text.substring(0, colon).replace("[", "").replace("]", ""), Integer.parseInt(port));
        }

        boolean isLoopback() {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                throw new MillraceException("there is no host " + host, e);
            }
        }
    }

    private Listening() {}

    /** Serves the log of this process to clients of others. */
    static NodeService.Served open(LogNode node, String text, boolean insecure) {
        Address address = Address.parse(text);
        if (!insecure && !address.isLoopback()) {
            throw new MillraceException(
                    address.host() + " is reached by other machines, and whoever reaches it may read and write"
                            + " everything: listen at 127.0.0.1, or say that it shall be insecure");
        }
        NodeService service = service(
                NodeService.class, "nothing on the class path serves the log to others: add millrace-broker to it");
        try {
            return service.serve(node, address.host(), address.port());
        } catch (IOException e) {
            throw new MillraceException("the log cannot be served at " + text + ": " + e.getMessage(), e);
        }
    }

    /** Shows how this process is. */
    static NodeService.Served admin(Millrace millrace, String text) {
        Address address = Address.parse(text);
        if (!address.isLoopback()) {
            throw new MillraceException(
                    address.host()
                            + " is reached by other machines: health and metrics are for this one alone, such as at 127.0.0.1:9644");
        }
        AdminService service = service(
                AdminService.class, "nothing on the class path shows health and metrics: add millrace-server to it");
        try {
            return service.serve(millrace, address.host(), address.port());
        } catch (IOException e) {
            throw new MillraceException("health and metrics cannot be shown at " + text + ": " + e.getMessage(), e);
        }
    }

    private static <T> T service(Class<T> kind, String otherwise) {
        return ServiceLoader.load(kind, Listening.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new MillraceException(otherwise));
    }
}
