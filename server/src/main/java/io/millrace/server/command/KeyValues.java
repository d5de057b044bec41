package io.millrace.server.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of the form {@code key=value}. */
public final class KeyValues {

    private KeyValues() {}

    /** Kafka's values may have commas, so an option is one pair. */
    public static Map<String, String> parse(@Nullable List<String> pairs, String option) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String pair : pairs == null ? List.<String>of() : pairs) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new CommandRefused(option + " takes key=value, not '" + pair + "'.");
            }
            parsed.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
        }
        return parsed;
    }
}
