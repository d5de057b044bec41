package io.millrace.conformance.streams;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Users' functions, chosen by a number. They answer the same for the same arguments and bear nulls. */
final class Functions {

    /** Keys that begin with this pass every operator. */
    static final String FLUSH = "flush";

    private static final int KEYS = 5;
    private static final int KEYS_OF_ONE = 3;
    private static final int LENGTH_MAX = 12;

    private Functions() {}

    static boolean test(int variant, String key, String value) {
        return isFlush(key) || hash(variant, key, value) % 3 != 0;
    }

    static boolean isFlush(String key) {
        return key != null && key.startsWith(FLUSH);
    }

    /** Some variants keep null values, some replace them, some make some. */
    static String mapValue(int variant, String key, String value) {
        if (value == null) {
            return variant % 2 == 0 ? null : "n" + variant;
        }
        boolean deletes = variant % 5 == 0 && hash(variant, key, value) % 6 == 0 && !isFlush(key);
        return deletes ? null : join(value, String.valueOf(variant));
    }

    /** Without null, for what must not see it. */
    static String some(String value) {
        return value == null ? "none" : value;
    }

    static String newKey(int variant, String key, String value) {
        if (isFlush(key)) {
            return key;
        }
        int hash = hash(variant, key, value);
        return variant % 4 == 0 && hash % 9 == 0 ? null : "k" + hash % KEYS;
    }

    /** As {@link #newKey}, but no two old keys have a new one in common: their order among each other is not defined. */
    static String newKeyOfOne(int variant, String key, String value) {
        return key == null || isFlush(key) ? key : key + hash(variant, key, value) % KEYS_OF_ONE;
    }

    static List<String> parts(int variant, String key, String value) {
        return IntStream.range(0, isFlush(key) ? 1 : hash(variant, key, value) % 3)
                .mapToObj(i -> mapValue(2 * (variant + i) + 1, key, value))
                .map(Functions::some)
                .toList();
    }

    /** Not commutative, so that order shows. */
    static String join(String left, String right) {
        return shortened(left + "+" + right);
    }

    static String without(String total, String row) {
        return shortened(total + "-" + row);
    }

    private static String shortened(String text) {
        return text.length() <= LENGTH_MAX
                ? text
                : text.substring(0, LENGTH_MAX / 3) + "~" + Integer.toHexString(text.hashCode() & 0xfffff);
    }

    private static int hash(int variant, String key, String value) {
        int hash = Objects.hash(variant, key, value);
        return (hash ^ hash >>> 15) & 0x7fffffff;
    }
}
