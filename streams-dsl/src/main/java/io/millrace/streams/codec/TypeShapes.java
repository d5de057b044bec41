package io.millrace.streams.codec;

import io.millrace.streams.codec.TypeEntry.Kind;
import io.millrace.streams.codec.TypeEntry.Part;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Describes classes as they are now, and says which may be in state. Pure. */
final class TypeShapes {

    private static final int NO_ID = -1;

    private TypeShapes() {}

    static TypeEntry describe(Class<?> type, boolean key, Set<Class<?>> declared) {
        if (type.isArray()) {
            return entry(type, Kind.ARRAY, key, List.of());
        }
        if (type.isRecord()) {
            return entry(
                    type,
                    Kind.RECORD,
                    key,
                    Stream.of(type.getRecordComponents())
                            .map(c -> new Part(c.getName(), c.getType().getName()))
                            .toList());
        }
        if (type.isEnum()) {
            return entry(
                    type,
                    Kind.ENUM,
                    key,
                    Stream.of(type.getEnumConstants())
                            .map(constant -> new Part(((Enum<?>) constant).name(), ""))
                            .toList());
        }
        if (!key && (declared.contains(type) || isOfSealedHierarchy(type))) {
            return entry(type, Kind.CLASS, key, fields(type));
        }
        throw new TypeException("the class " + type.getName() + " cannot be in " + (key ? "keys" : "state")
                + ". Make it a record" + (key ? "" : ", or declare it with TopologyBuilder.declareType(...)"));
    }

    private static TypeEntry entry(Class<?> type, Kind kind, boolean key, List<Part> parts) {
        return new TypeEntry(NO_ID, kind, key, type.getName(), parts);
    }

    private static boolean isOfSealedHierarchy(Class<?> type) {
        if (type.getName().startsWith("java.")) {
            return false;
        }
        if (Stream.of(type.getInterfaces()).anyMatch(i -> i.isSealed() || isOfSealedHierarchy(i))) {
            return true;
        }
        Class<?> parent = type.getSuperclass();
        return parent != null && (parent.isSealed() || isOfSealedHierarchy(parent));
    }

    /** In the order in which Kryo writes them: by name. */
    private static List<Part> fields(Class<?> type) {
        List<Part> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    fields.add(new Part(field.getName(), field.getType().getName()));
                }
            }
        }
        fields.sort(Comparator.comparing(Part::name).thenComparing(Part::type));
        return fields;
    }
}
