package io.millrace.log;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * One configuration key of a topic, as its reference page states it.
 *
 * @param name Kafka's name, where the meaning is Kafka's
 * @param type int, long, double, boolean, string or list
 * @param unit ms, bytes, records, or empty
 * @param defaultValue as a user would write it
 * @param range what is accepted, in words
 * @param meaning one sentence
 */
public record ConfigKey(
        String name, String type, String unit, String defaultValue, String range, String meaning, Check check) {

    /** Whether a value is in the range; may throw {@link NumberFormatException} for what is no number. */
    @FunctionalInterface
    public interface Check extends Predicate<String> {}

    static ConfigKey longKey(String name, String unit, long defaultValue, long min, String meaning) {
        Check atLeast = value -> Long.parseLong(value) >= min;
        return new ConfigKey(name, "long", unit, Long.toString(defaultValue), range(min), meaning, atLeast);
    }

    static ConfigKey intKey(String name, String unit, int defaultValue, int min, String meaning) {
        Check atLeast = value -> Integer.parseInt(value) >= min;
        return new ConfigKey(name, "int", unit, Integer.toString(defaultValue), range(min), meaning, atLeast);
    }

    static ConfigKey intKey(String name, int defaultValue, int min, int max, String meaning) {
        Check between = value -> Integer.parseInt(value) >= min && Integer.parseInt(value) <= max;
        return new ConfigKey(name, "int", "", Integer.toString(defaultValue), min + " to " + max, meaning, between);
    }

    static ConfigKey choice(String name, String defaultValue, String meaning, String... choices) {
        List<String> accepted = List.of(choices);
        boolean isFlag = accepted.contains("false");
        Check check = value -> accepted.contains(isFlag ? value.toLowerCase(Locale.ROOT) : value);
        String range = "one of " + String.join(", ", accepted);
        return new ConfigKey(name, isFlag ? "boolean" : "string", "", defaultValue, range, meaning, check);
    }

    private static String range(long min) {
        return min == Long.MIN_VALUE ? "any" : "at least " + min;
    }
}
