package io.millrace.broker.config;

import java.util.Locale;

/** What kind of value a key has: Kafka's types, and how a text is checked for one. */
public enum ValueType {
    BOOLEAN(1),
    STRING(2),
    INT(3),
    SHORT(4),
    LONG(5),
    DOUBLE(6),
    LIST(7),
    CLASS(8),
    PASSWORD(9);

    private final byte code;

    ValueType(int code) {
        this.code = (byte) code;
    }

    /** Kafka's number of it, in DescribeConfigs. */
    public byte code() {
        return code;
    }

    /** The type of this name, in any case. */
    static ValueType named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Whether a text is a value of this type. */
    boolean accepts(String text) {
        try {
            switch (this) {
                case BOOLEAN -> {
                    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
                }
                case INT -> Integer.parseInt(text);
                case SHORT -> Short.parseShort(text);
                case LONG -> Long.parseLong(text);
                case DOUBLE -> Double.parseDouble(text);
                case STRING, LIST, CLASS, PASSWORD -> {}
            }
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    boolean isNumber() {
        return this == INT || this == SHORT || this == LONG || this == DOUBLE;
    }
}
