package io.millrace.broker.config;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One change of one key (KIP-339). Pure.
 *
 * @param name of the key
 * @param operation what is done to it
 * @param value empty for {@link Operation#DELETE}
 */
public record ConfigEdit(String name, Operation operation, String value) {

    /** Kafka's operations, with their numbers. */
    public enum Operation {
        SET(0),
        /** Back to the default. */
        DELETE(1),
        /** Adds what is not in a list yet. */
        APPEND(2),
        /** Takes out of a list what is in it. */
        SUBTRACT(3);

        private final int code;

        Operation(int code) {
            this.code = code;
        }

        public static Optional<Operation> of(int code) {
            return Arrays.stream(values()).filter(one -> one.code == code).findFirst();
        }
    }

    /**
     * The values after all these changes.
     *
     * @param lists what a key that is a list has if it was not set; empty for one that is no list
     * @throws LogException INVALID_CONFIG if something is to be added to what is no list
     */
    static Map<String, String> apply(
            List<ConfigEdit> edits, Map<String, String> before, Function<String, Optional<String>> lists) {
        Map<String, String> after = new HashMap<>(before);
        for (ConfigEdit edit : edits) {
            switch (edit.operation()) {
                case SET -> after.put(edit.name(), edit.value());
                case DELETE -> after.remove(edit.name());
                case APPEND, SUBTRACT -> after.put(edit.name(), edit.changedList(before, lists));
            }
        }
        return after;
    }

    private String changedList(Map<String, String> before, Function<String, Optional<String>> lists) {
        String unset = lists.apply(name)
                .orElseThrow(() -> new LogException(
                        ErrorCode.INVALID_CONFIG,
                        "Can't " + operation + " to key " + name + " because its type is not LIST."));
        List<String> elements = new ArrayList<>(elements(before.getOrDefault(name, unset)));
        for (String element : elements(value)) {
            if (operation == Operation.SUBTRACT) {
                elements.remove(element);
            } else if (!elements.contains(element)) {
                elements.add(element);
            }
        }
        return String.join(",", elements);
    }

    private static List<String> elements(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
