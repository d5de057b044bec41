package io.millrace.broker.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address of {@code listeners} or {@code advertised.listeners}, such as {@code PLAINTEXT://localhost:9092}.
 *
 * @param name of the listener
 * @param host to bind or to be told; empty for all of the machine's addresses
 * @param port 0 takes a free one, where it is bound
 */
public record ListenerSpec(String name, String host, int port) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)://\\[?([^/\\]]*?)\\]?:(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    /** What the text says; empty if it is not of the form {@code NAME://host:port}. */
    static Optional<ListenerSpec> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > PORT_MAX) {
            return Optional.empty();
        }
        return Optional.of(new ListenerSpec(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3))));
    }
}
