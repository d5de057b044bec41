package io.millrace.server;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code millrace dev} is told.
 *
 * @param port the first one to try for clients; 0 takes a free one
 * @param adminPort the first one to try for health and metrics; 0 takes a free one
 * @param dataDirectory where the data are
 * @param durability {@code disk} or {@code os}
 * @param exitWhenReady ends at once, for the launcher
 */
record DevOptions(int port, int adminPort, Path dataDirectory, String durability, boolean exitWhenReady) {

    static final String PORT = "9092";
    static final String ADMIN_PORT = "9644";
    static final String DATA_DIRECTORY = "millrace-data";
    static final String DURABILITY = "disk";

    /**
     * Reads options that are written as {@code --name value} or {@code --name=value} and are all right. Whatever else there is, be it
     * {@code --help} or a mistake, is for the command line's own parser: loading that takes a quarter of the start of a node.
     */
    static Optional<DevOptions> plain(List<String> arguments) {
        int port = Integer.parseInt(PORT);
        int adminPort = Integer.parseInt(ADMIN_PORT);
        Path dataDirectory = Path.of(DATA_DIRECTORY);
        String durability = DURABILITY;
        boolean exitWhenReady = false;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--exit-when-ready") && !exitWhenReady) {
                exitWhenReady = true;
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 && ++i == arguments.size()) {
                return Optional.empty();
            }
            String value = equals < 0 ? arguments.get(i) : argument.substring(equals + 1);
            if (!isPlain(name, value) || !seen.add(name)) {
                return Optional.empty();
            }
            switch (name) {
                case "--port" -> port = Integer.parseInt(value);
                case "--admin-port" -> adminPort = Integer.parseInt(value);
                case "--data-dir" -> dataDirectory = Path.of(value);
                default -> durability = value;
            }
        }
        return Optional.of(new DevOptions(port, adminPort, dataDirectory, durability, exitWhenReady));
    }

    private static boolean isPlain(String name, String value) {
        return switch (name) {
            case "--port", "--admin-port" -> value.matches("\\d{1,5}");
            case "--data-dir" -> value.matches("[\\w./][\\w./-]*");
            case "--durability" -> value.equals("disk") || value.equals("os");
            default -> false;
        };
    }
}
