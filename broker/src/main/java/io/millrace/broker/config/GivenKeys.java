package io.millrace.broker.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checked values of a node's keys as text, with the defaults of those that were not given. Immutable. */
record GivenKeys(Map<String, String> values) {

    GivenKeys {
        values = Map.copyOf(values);
    }

    Optional<String> find(String key) {
        String value = values.get(key);
        return Optional.ofNullable(value == null ? NodeKeys.require(key).defaultValue() : value)
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) {
        return find(key).orElse("");
    }

    int integer(String key) {
        return Integer.parseInt(text(key));
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    double ratio(String key) {
        return Double.parseDouble(text(key));
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    Duration millis(String key) {
        return Duration.ofMillis(number(key));
    }

    List<String> list(String key) {
        return Arrays.stream(text(key).split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    /** {@code NAME:value} pairs. */
    Map<String, String> pairs(String key) {
        Map<String, String> pairs = new HashMap<>();
        for (String one : list(key)) {
            int colon = one.indexOf(':');
            if (colon > 0) {
                pairs.put(one.substring(0, colon), one.substring(colon + 1));
            }
        }
        return pairs;
    }
}
