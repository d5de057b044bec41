package io.millrace.broker;

/**
 * One address of the node.
 *
 * @param listener its name, such as {@code PLAINTEXT}
 * @param host as clients are told ({@code advertised.listeners})
 * @param port as clients are told
 */
public record Endpoint(String listener, String host, int port) {

    @Override
    public String toString() {
        return listener + "://" + host + ":" + port;
    }
}
