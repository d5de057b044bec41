package io.millrace.streams.codec;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** Says whether the JSON text of a type follows from the value alone. Pure. */
final class JsonForm {

    /** Packages of types that Jackson writes by itself, and in one way. */
    private static final Set<String> PLAIN_PACKAGES = Set.of("java.lang", "java.math", "java.util", "java.net");

    private JsonForm() {}

    /**
     * Whether equal values have equal text: no sets without order, no parts whose class is only known at run time, nothing that
     * needs a module of Jackson, such as {@code java.time}.
     */
    static boolean isFixed(ObjectMapper mapper, JavaType type) {
        return isFixed(mapper, type, new HashSet<>());
    }

    private static boolean isFixed(ObjectMapper mapper, JavaType type, Set<JavaType> seen) {
        if (!seen.add(type)) {
            return true;
        }
        Class<?> raw = type.getRawClass();
        if (type.isContainerType()) {
            return hasOrder(raw)
                    && (type.getKeyType() == null || isFixed(mapper, type.getKeyType(), seen))
                    && isFixed(mapper, type.getContentType(), seen);
        }
        if (raw.isPrimitive() || raw.isEnum()) {
            return true;
        }
        if (raw.getName().startsWith("java.")) {
            return raw != Object.class && !isOptional(raw) && PLAIN_PACKAGES.contains(raw.getPackageName());
        }
        return properties(mapper, type).stream().allMatch(property -> isFixed(mapper, property.getPrimaryType(), seen));
    }

    private static boolean hasOrder(Class<?> container) {
        return container.isArray()
                || List.class.isAssignableFrom(container)
                || Map.class.isAssignableFrom(container) // the codec writes maps by key
                || SortedSet.class.isAssignableFrom(container)
                || EnumSet.class.isAssignableFrom(container);
    }

    private static boolean isOptional(Class<?> raw) {
        return raw.getSimpleName().startsWith("Optional");
    }

    private static List<BeanPropertyDefinition> properties(ObjectMapper mapper, JavaType type) {
        return mapper.getSerializationConfig().introspect(type).findProperties();
    }
}
