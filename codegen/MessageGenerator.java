import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes Java classes for messages from Kafka's JSON schemas. A program run by the build, with the JDK alone.
 *
 * <pre>java MessageGenerator SCHEMA_DIRECTORY OUTPUT_DIRECTORY PACKAGE (all | NAME...)</pre>
 *
 * <p>Schemas are looked up by name anywhere below the schema directory. Each becomes one class with its structs nested in
 * it. Files whose content would not change are left alone, so that nothing is compiled again; files that no schema asks for
 * are deleted. {@link Json} reads the text, {@link Struct}, {@link Field} and {@link Versions} are the schema,
 * {@link Emitter} writes the class.
 */
public final class MessageGenerator {

    static final String WIRE = "io.millrace.record.wire";

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 4) {
            throw new IllegalArgumentException("SCHEMA_DIRECTORY OUTPUT_DIRECTORY PACKAGE (all | NAME...)");
        }
        Map<String, Path> schemas = schemas(Path.of(arguments[0]));
        String packageName = arguments[2];
        Path target = Files.createDirectories(Path.of(arguments[1]).resolve(packageName.replace('.', '/')));
        Set<String> wanted = new TreeSet<>(List.of(arguments).subList(3, arguments.length));
        if (wanted.equals(Set.of("all"))) {
            wanted = schemas.keySet();
        }
        Map<String, String> files = new TreeMap<>();
        files.put("package-info.java", packageInfo(packageName));
        for (String name : wanted) {
            Path schema = schemas.get(name);
            if (schema == null) {
                throw new IllegalArgumentException("no schema " + name + " below " + arguments[0]);
            }
            Struct message = Struct.of(Json.object(new Json(Files.readString(schema)).value()));
            if (!message.versions().isNone()) {
                files.put(name + ".java", new Emitter(packageName, message).emit());
            }
        }
        update(target, files);
    }

    private static Map<String, Path> schemas(Path directory) throws IOException {
        Map<String, Path> schemas = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.filter(path -> path.toString().endsWith(".json"))
                    .forEach(path -> schemas.put(path.getFileName().toString().replace(".json", ""), path));
        }
        return schemas;
    }

    private static void update(Path target, Map<String, String> files) throws IOException {
        try (Stream<Path> present = Files.list(target)) {
            for (Path file : present.toList()) {
                if (!files.containsKey(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = target.resolve(file.getKey());
            if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
                Files.writeString(path, file.getValue());
            }
        }
    }

    private static String packageInfo(String packageName) {
        return """
                /**
                 * Messages in Kafka's formats, generated from Kafka's own schemas by {@code codegen/MessageGenerator.java}.
                 *
                 * <p>Mutable values for one owner; see {@link %s.Message}.
                 */
                @NullMarked
                package %s;

                import org.jspecify.annotations.NullMarked;
                """.formatted(WIRE, packageName);
    }
}
