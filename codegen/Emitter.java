import java.util.ArrayList;
import java.util.List;

/** Writes the class of one message. */
final class Emitter {
    private final StringBuilder out = new StringBuilder();
    private final String packageName;
    private final Struct message;
    private int indent;

    Emitter(String packageName, Struct message) {
        this.packageName = packageName;
        this.message = message;
    }

    String emit() {
        out.append("package ").append(packageName).append(";\n\n");
        for (String name : List.of("ByteReader", "ByteSlice", "ByteWriter", "MalformedMessageException", "Message", "Payload", "RequestKind")) {
            line("import " + MessageGenerator.WIRE + "." + name + ";");
        }
        for (String name : List.of("ArrayList", "Arrays", "List", "Objects", "UUID")) {
            line("import java.util." + name + ";");
        }
        line("import org.jspecify.annotations.Nullable;");
        line("");
        type(message, true);
        String text = out.toString();
        return text.lines().filter(line -> isNeeded(line, text)).reduce("", (all, line) -> all + line + "\n");
    }

    private static boolean isNeeded(String line, String text) {
        if (!line.startsWith("import ")) {
            return true;
        }
        String name = line.substring(line.lastIndexOf('.') + 1, line.length() - 1);
        return text.lines().anyMatch(other -> !other.startsWith("import ") && other.matches(".*\\b" + name + "\\b.*"));
    }

    private void type(Struct struct, boolean top) {
        String text = top
                ? "Kafka's " + struct.name() + ", versions " + struct.versions().lowest() + " to "
                        + struct.versions().highest() + "."
                : "A struct of " + message.name() + ".";
        line("/** " + text + " */");
        open("public " + (top ? "" : "static ") + "final class " + struct.name() + " implements Message {");
        if (top) {
            constants(struct);
        }
        for (Field field : struct.fields()) {
            line("private " + field.declaredType() + " " + field.name() + " = " + field.initial() + ";");
        }
        read(struct);
        write(struct);
        struct.fields().forEach(field -> accessors(struct, field));
        comparison(struct);
        for (Struct nested : struct.nested()) {
            line("");
            type(nested, false);
        }
        close();
    }

    private void constants(Struct struct) {
        if (struct.apiKey() != null) {
            boolean record = struct.type().startsWith("coordinator");
            line("/** " + (record ? "The record type, in front of every key of this kind." : "The API key.") + " */");
            line("public static final short " + (record ? "TYPE" : "API_KEY") + " = " + struct.apiKey() + ";");
        }
        line("public static final short LOWEST_VERSION = " + struct.versions().lowest() + ";");
        line("public static final short HIGHEST_VERSION = " + struct.versions().highest() + ";");
        if (List.of("request", "response").contains(struct.type())) {
            line("/** From here on, also the header in front of the message is flexible. */");
            line("public static final int LOWEST_FLEXIBLE_VERSION = "
                    + (struct.flexible().isNone() ? "Integer.MAX_VALUE" : struct.flexible().lowest()) + ";");
        }
        if (struct.type().equals("request")) {
            String name = struct.name();
            line("/** What a server and a client need to know of it. */");
            line("public static final RequestKind<" + name + "> KIND = new RequestKind<>(API_KEY, \""
                    + name.substring(0, name.length() - "Request".length())
                    + "\", LOWEST_VERSION, HIGHEST_VERSION, LOWEST_FLEXIBLE_VERSION, " + name + "::read);");
        }
        line("");
    }

    /** The condition that a field is flexible; names the local variable where that is what it says. */
    private static String flexible(Struct struct, Field field) {
        String own = field.flexible().condition(struct.versions());
        return own.equals(struct.flexible().condition(struct.versions())) && !own.equals("true") && !own.equals("false")
                ? "flexible"
                : own;
    }

    private void prologue(Struct struct) {
        String flexible = struct.flexible().condition(struct.versions());
        if (!flexible.equals("true") && !flexible.equals("false")) {
            line("boolean flexible = " + flexible + ";");
        }
    }

    private void read(Struct struct) {
        line("");
        if (struct == message) {
            line("/** Reads a message of this version; fails with MalformedMessageException if it is none. */");
        }
        open("public static " + struct.name() + " read(ByteReader in, short version) {");
        if (struct == message) {
            open("if (version < LOWEST_VERSION || version > HIGHEST_VERSION) {");
            line("throw new MalformedMessageException(\"" + struct.name()
                    + " has versions \" + LOWEST_VERSION + \" to \" + HIGHEST_VERSION + \", not \" + version);");
            close();
        }
        prologue(struct);
        line(struct.name() + " message = new " + struct.name() + "();");
        for (Field field : struct.fields()) {
            guarded(
                    plain(field).condition(struct.versions()),
                    () -> line("message." + field.name() + " = " + reading(struct, field, false) + ";"));
        }
        guarded(struct.flexible().condition(struct.versions()), () -> readTagged(struct));
        line("return message;");
        close();
    }

    /** The versions in which a field has its place in the fixed order. */
    private static Versions plain(Field field) {
        if (field.tagged().isNone()) {
            return field.versions();
        }
        return field.tagged().lowest() <= field.versions().lowest()
                ? Versions.NONE
                : new Versions(field.versions().lowest(), field.tagged().lowest() - 1);
    }

    private void guarded(String condition, Runnable body) {
        if (condition.equals("true")) {
            body.run();
        } else if (!condition.equals("false")) {
            open("if (" + condition + ") {");
            body.run();
            close();
        }
    }

    private static String reading(Struct struct, Field field, boolean tagged) {
        if (field.isPrimitive() || !field.array() && field.type().equals("uuid")) {
            return "in." + field.type() + "()";
        }
        String nullable = field.nullable().condition(tagged ? field.tagged() : plain(field));
        String text;
        if (field.isStruct() && !field.array()) {
            String direct = field.type() + ".read(in, version)";
            String maybe = "in.nullable" + (tagged ? "Tagged" : "") + "Struct(version, " + field.type() + "::read)";
            return choose(nullable, maybe, direct);
        }
        String more = field.isStruct() ? ", version, " + field.type() + "::read" : "";
        text = "in." + field.method() + "(" + flexible(struct, field) + more + ")";
        return choose(nullable, text, "in.required(" + text + ", \"" + struct.name() + "." + field.name() + "\")");
    }

    private static String choose(String condition, String yes, String no) {
        return condition.equals("true") ? yes : condition.equals("false") ? no : condition + " ? " + yes + " : " + no;
    }

    private void readTagged(Struct struct) {
        open("for (int left = in.tagCount(); left > 0; left--) {");
        line("int tag = in.uvarint();");
        line("int end = in.beginTag();");
        List<Field> tagged = struct.fields().stream()
                .filter(field -> !field.tagged().isNone())
                .toList();
        if (tagged.isEmpty()) {
            line("in.skipTag();");
        } else {
            open("switch (tag) {");
            for (Field field : tagged) {
                line("case " + field.tag() + " -> message." + field.name() + " = " + reading(struct, field, true)
                        + ";");
            }
            line("default -> in.skipTag();");
            close();
        }
        line("in.endTag(end);");
        close();
    }

    private void write(Struct struct) {
        line("");
        line("@Override");
        open("public void write(ByteWriter out, short version) {");
        if (struct == message) {
            line("Message.checkVersion(\"" + struct.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        }
        prologue(struct);
        for (Field field : struct.fields()) {
            String condition = plain(field).condition(struct.versions());
            guarded(condition, () -> writing(struct, field, false));
            String present = field.versions().within(struct.versions()).condition(struct.versions());
            if (!present.equals("true") && !field.ignorable()) {
                String check = "Message.checkDefault(" + field.isInitial() + ", \"" + field.name() + "\", version);";
                open("if (" + Versions.negated(present) + ") {");
                line(check);
                close();
            }
        }
        guarded(struct.flexible().condition(struct.versions()), () -> writeTagged(struct));
        close();
    }

    private void writing(Struct struct, Field field, boolean tagged) {
        if (field.isPrimitive() || !field.array() && field.type().equals("uuid")) {
            line("out." + field.type() + "(" + field.self() + ");");
            return;
        }
        String nullable = field.nullable().condition(tagged ? field.tagged() : plain(field));
        String required = field.nullable().isNone()
                ? field.self()
                : "Message.required(" + field.self() + ", \"" + field.name() + "\")";
        if (field.isStruct() && !field.array()) {
            String maybe = "out.nullable" + (tagged ? "Tagged" : "") + "Struct(" + field.self() + ", version);";
            String direct = required + ".write(out, version);";
            if (nullable.equals("true") || nullable.equals("false")) {
                line(nullable.equals("true") ? maybe : direct);
            } else {
                open("if (" + nullable + ") {");
                line(maybe);
                close();
                open("else {");
                line(direct);
                close();
            }
            return;
        }
        String more = field.isStruct() ? ", version" : "";
        line("out." + field.method() + "(" + choose(nullable, field.self(), required) + ", " + flexible(struct, field)
                + more + ");");
    }

    private void writeTagged(Struct struct) {
        List<Field> tagged = struct.fields().stream()
                .filter(field -> !field.tagged().isNone())
                .sorted((a, b) -> Integer.compare(a.tag(), b.tag()))
                .toList();
        if (tagged.isEmpty()) {
            line("out.uvarint(0);");
            return;
        }
        line("int tags = 0;");
        for (Field field : tagged) {
            line("tags += " + isSent(struct, field) + " ? 1 : 0;");
        }
        line("out.uvarint(tags);");
        for (Field field : tagged) {
            open("if (" + isSent(struct, field) + ") {");
            line("int start = out.beginTag(" + field.tag() + ");");
            writing(struct, field, true);
            line("out.endTag(start);");
            close();
        }
    }

    private static String isSent(Struct struct, Field field) {
        String condition = field.tagged().condition(struct.flexible());
        return (condition.equals("true") ? "" : condition + " && ") + field.isSet();
    }

    private void accessors(Struct struct, Field field) {
        String about = field.about()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("*/", "*&#47;")
                .replace("@", "&#64;");
        line("");
        if (!about.isEmpty()) {
            line("/** " + about + " */");
        }
        open("public " + field.declaredType() + " " + field.name() + "() {");
        line("return " + field.name() + ";");
        close();
        line("");
        open("public " + struct.name() + " " + field.name() + "(" + field.declaredType() + " value) {");
        line(field.self() + " = value;");
        line("return this;");
        close();
    }

    private void comparison(Struct struct) {
        List<String> same = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Field field : struct.fields()) {
            String name = field.self();
            boolean exact = field.isPrimitive() && !field.type().equals("float64");
            same.add(
                    exact
                            ? name + " == that." + field.name()
                            : (field.isJavaArray() ? "Arrays" : "Objects") + ".equals(" + name + ", that."
                                    + field.name() + ")");
            hashes.add(field.isJavaArray() ? "Arrays.hashCode(" + name + ")" : name);
            texts.add("\"" + (texts.isEmpty() ? "" : ", ") + field.name() + "=\" + Message.text(" + name + ")");
        }
        line("");
        line("@Override");
        open("public boolean equals(@Nullable Object other) {");
        String that = same.isEmpty() ? "" : " that && " + String.join(" && ", same);
        line("return other instanceof " + struct.name() + that + ";");
        close();
        line("");
        line("@Override");
        open("public int hashCode() {");
        line("return Objects.hash(" + String.join(", ", hashes) + ");");
        close();
        line("");
        line("@Override");
        open("public String toString() {");
        line("return \"" + struct.name() + "[\" + " + (texts.isEmpty() ? "" : String.join(" + ", texts) + " + ")
                + "\"]\";");
        close();
    }

    private void line(String text) {
        out.append(text.isEmpty() ? "" : "    ".repeat(indent)).append(text).append('\n');
    }

    private void open(String text) {
        line(text);
        indent++;
    }

    private void close() {
        indent--;
        line("}");
    }
}
