import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reader of JSON with {@code //} comment lines. Numbers and literals stay text, null stays null. */
final class Json {
    private static final int DEPTH_MAX = 32;
    private final String text;
    private int at;
    private int depth;

    Json(String text) {
        this.text = text;
    }

    Object value() {
        if (depth++ > DEPTH_MAX) {
            throw error("nesting deeper than " + DEPTH_MAX);
        }
        Object value =
                switch (peek()) {
                    case '{' -> members();
                    case '[' -> elements();
                    case '"' -> string();
                    default -> literal();
                };
        depth--;
        return value;
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            peek();
            String key = string();
            expect(':');
            members.put(key, value());
            if (peek() != '}') {
                expect(',');
            }
        }
        expect('}');
        return members;
    }

    private List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            elements.add(value());
            if (peek() != ']') {
                expect(',');
            }
        }
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            string.append(text.charAt(at++));
        }
        at++;
        return string.toString();
    }

    private String literal() {
        int start = at;
        while (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == start) {
            throw error("unexpected '" + text.charAt(at) + "'");
        }
        String literal = text.substring(start, at);
        return literal.equals("null") ? null : literal;
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at)) || text.startsWith("//", at)) {
            at = text.charAt(at) == '/' ? text.indexOf('\n', at) : at + 1;
        }
        return text.charAt(at);
    }

    private void expect(char expected) {
        if (peek() != expected) {
            throw error("expected '" + expected + "', found '" + text.charAt(at) + "'");
        }
        at++;
    }

    private IllegalArgumentException error(String what) {
        return new IllegalArgumentException(
                what + " in line " + text.substring(0, at).lines().count());
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    static List<Map<String, Object>> objects(Object value) {
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(Json::object).toList();
    }
}
