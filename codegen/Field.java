import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A field, with everything about its type that the emitter asks for. */
record Field(
        String name,
        String type,
        boolean array,
        Versions versions,
        Versions nullable,
        Versions flexible,
        Versions tagged,
        int tag,
        boolean ignorable,
        boolean zeroCopy,
        boolean sent,
        String preset,
        String about) {

    private static final Set<String> NUMBERS = Set.of("int8", "int16", "uint16", "int32", "uint32", "int64", "float64");
    private static final Set<String> KEYWORDS =
            Set.of("default", "switch", "case", "class", "hashCode", "toString", "write", "read", "encode");

    /** Names of parameters and variables in the generated methods. */
    private static final Set<String> LOCALS =
            Set.of("version", "in", "out", "message", "flexible", "tags", "start", "value", "other", "that");

    static Field of(Map<String, Object> schema, Versions outer, Versions flexible, boolean sent) {
        String type = schema.get("type").toString();
        String name = schema.get("name").toString();
        name = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        Object preset = schema.get("default");
        return new Field(
                KEYWORDS.contains(name) ? name + "_" : name,
                type.replace("[]", ""),
                type.startsWith("[]"),
                present(schema).within(outer),
                Versions.of(schema.get("nullableVersions")).within(outer),
                schema.containsKey("flexibleVersions") ? Versions.of(schema.get("flexibleVersions")) : flexible,
                Versions.of(schema.get("taggedVersions")).within(outer),
                schema.containsKey("tag") ? Integer.parseInt(schema.get("tag").toString()) : -1,
                "true".equals(schema.get("ignorable")),
                "true".equals(schema.get("zeroCopy")) || type.equals("records"),
                sent,
                preset == null ? "" : preset.toString(),
                (String) schema.getOrDefault("about", ""));
    }

    /** A tagged field may say only in which versions it is tagged. */
    static Versions present(Map<String, Object> schema) {
        return Versions.of(schema.getOrDefault("versions", schema.get("taggedVersions")));
    }

    /** How a method of the class names the field. */
    String self() {
        return LOCALS.contains(name) ? "this." + name : name;
    }

    boolean isStruct() {
        return Character.isUpperCase(type.charAt(0));
    }

    boolean isPrimitive() {
        return !array && (type.equals("bool") || NUMBERS.contains(type));
    }

    boolean isBytes() {
        return array ? type.equals("int8") : !zeroCopy && type.equals("bytes");
    }

    /** The array types that are compared by content with a method of their own. */
    boolean isJavaArray() {
        return isBytes() || array && NUMBERS.contains(type);
    }

    String javaType() {
        String element =
                switch (type) {
                    case "bool" -> "boolean";
                    case "int8" -> "byte";
                    case "int16" -> "short";
                    case "uint16", "int32" -> "int";
                    case "uint32", "int64" -> "long";
                    case "float64" -> "double";
                    case "string" -> "String";
                    case "uuid" -> "UUID";
                    case "bytes", "records" -> !zeroCopy ? "byte[]" : sent ? "Payload" : "ByteSlice";
                    default -> type;
                };
        return !array ? element : isJavaArray() ? element + "[]" : "List<" + element + ">";
    }

    String declaredType() {
        String java = javaType();
        if (nullable.isNone() || isPrimitive()) {
            return java;
        }
        return java.endsWith("[]") ? java.replace("[]", " @Nullable []") : "@Nullable " + java;
    }

    /** The initial value. */
    String initial() {
        if (preset.equals("null")) {
            return "null";
        }
        if (array) {
            return isJavaArray() ? "new " + javaType().replace("[]", "[0]") : "new ArrayList<>()";
        }
        return switch (type) {
            case "bool" -> preset.isEmpty() ? "false" : preset;
            case "int8", "int16" -> "(" + javaType() + ") " + number();
            case "uint16", "int32" -> number();
            case "uint32", "int64" -> number() + "L";
            case "float64" -> number() + "d";
            case "string" -> "\"" + preset + "\"";
            case "uuid" -> "new UUID(0, 0)";
            case "bytes", "records" -> zeroCopy ? "ByteSlice.EMPTY" : "new byte[0]";
            default -> "new " + type + "()";
        };
    }

    private String number() {
        return preset.isEmpty() ? "0" : preset;
    }

    /** Whether the field has its initial value, as an expression. */
    String isInitial() {
        String field = self();
        if (isPrimitive()) {
            return type.equals("bool") ? (preset.equals("true") ? field : "!" + field) : field + " == " + initial();
        }
        if (preset.equals("null")) {
            return field + " == null";
        }
        String notNull = nullable.isNone() ? "" : field + " != null && ";
        if (array || isBytes() || type.equals("string") && preset.isEmpty()) {
            return notNull + field + (isJavaArray() ? ".length == 0" : ".isEmpty()");
        }
        return notNull + field + ".equals(" + initial() + ")";
    }

    /** The opposite, as an expression that may follow {@code &&}. */
    String isSet() {
        String initial = isInitial();
        return initial.contains("&&")
                ? "!(" + initial + ")"
                : initial.startsWith("!")
                        ? initial.substring(1)
                        : initial.contains(" == ") ? initial.replace(" == ", " != ") : "!" + initial;
    }

    /** The reader's and writer's method for it; structs alone are read and written by themselves. */
    String method() {
        if (array && !isBytes()) {
            return (isStruct() ? "struct" : type) + "s";
        }
        return isBytes() ? "bytes" : zeroCopy ? "slice" : type;
    }
}
