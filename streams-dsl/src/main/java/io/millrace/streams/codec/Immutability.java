package io.millrace.streams.codec;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Knows which classes have no instance that can ever change. Owned by one lane. */
final class Immutability {

    private static final Set<Class<?>> KNOWN = Set.of(
            String.class,
            Long.class,
            Integer.class,
            Double.class,
            Float.class,
            Boolean.class,
            Short.class,
            Byte.class,
            Character.class,
            UUID.class,
            BigInteger.class,
            BigDecimal.class);

    private final Map<Class<?>, Boolean> answers = new HashMap<>();

    boolean isImmutable(Class<?> type) {
        if (type == Long.class || type == String.class) {
            return true;
        }
        Boolean answer = answers.get(type);
        if (answer == null) {
            answer = find(type, new HashSet<>());
            answers.put(type, answer);
        }
        return answer;
    }

    /** {@code above} holds the records this class was found in: where one contains itself, that decides nothing. */
    private static boolean find(Class<?> type, Set<Class<?>> above) {
        if (type.isPrimitive() || KNOWN.contains(type) || Enum.class.isAssignableFrom(type) || isTime(type)) {
            return true;
        }
        if (!type.isRecord()) {
            return false;
        }
        if (!above.add(type)) {
            return true;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> declared = component.getType();
            boolean open = !declared.isPrimitive() && !declared.isEnum() && !Modifier.isFinal(declared.getModifiers());
            if (open && !KNOWN.contains(declared) || !find(declared, above)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTime(Class<?> type) {
        return type.getPackageName().equals("java.time") && Modifier.isFinal(type.getModifiers());
    }
}
