package io.millrace.server.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a node can be reached.
 *
 * @param host name or address, an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) {

    public static final int DEFAULT_PORT = 9092;

    private static final int PORT_MAX = 65535;

    public NodeAddress {
        if (host.isBlank() || port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "an address is host:port such as 127.0.0.1:9092, not '" + host + ":" + port + "'");
        }
    }

    /** Reads {@code host:port,…}; a port that is left out is {@value #DEFAULT_PORT}. */
    public static List<NodeAddress> parseAll(String text) {
        List<NodeAddress> all = new ArrayList<>();
        for (String one : text.split(",")) {
            if (!one.isBlank()) {
                all.add(parse(one.strip()));
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("an address is host:port such as 127.0.0.1:9092, not '" + text + "'");
        }
        return all;
    }

    /** Reads {@code host:port}, {@code [v6]:port} or a host alone. */
    public static NodeAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean isBareV6 = colon > 0 && text.indexOf(':') != colon && !text.contains("]");
        if (colon < 0 || isBareV6 || text.endsWith("]")) {
            return new NodeAddress(bare(text), DEFAULT_PORT);
        }
        try {
            return new NodeAddress(bare(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an address is host:port such as 127.0.0.1:9092, not '" + text + "'", e);
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
