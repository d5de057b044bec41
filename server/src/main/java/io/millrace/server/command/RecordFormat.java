package io.millrace.server.command;

import io.millrace.record.Header;
import io.millrace.record.TimestampType;
import io.millrace.server.client.ReadRecord;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a record is printed: by a format such as {@code %k:%v\n}, whose letters are kcat's, or as JSON. */
final class RecordFormat {

    static final String LETTERS =
            "%%v or %%s value, %%k key, %%o offset, %%p partition, %%t topic, %%T timestamp in ms, %%h headers,"
                    + " %%S and %%K sizes of value and key (-1 for none), %%%% a percent sign; \\n \\r \\t \\\\ and \\xHH";

    private static final int HEX = 16;

    /** A piece of the format: bytes as they are, or a letter that stands for something. */
    private record Piece(byte[] text, char letter) {}

    private static final char LITERAL = 0;

    private final List<Piece> pieces;

    private RecordFormat(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** @throws CommandRefused if it has a letter that means nothing */
    static RecordFormat parse(String format) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean isEscape = (c == '%' || c == '\\') && i + 1 < format.length();
            if (!isEscape) {
                int codePoint = format.codePointAt(i);
                i += Character.charCount(codePoint) - 1;
                pieces.add(literal(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)));
            } else if (c == '%') {
                pieces.add(placeholder(format.charAt(++i)));
            } else if (format.charAt(i + 1) == 'x' && format.substring(i + 2).matches("(?s)[0-9a-fA-F]{2}.*")) {
                pieces.add(literal(new byte[] {(byte) Integer.parseInt(format.substring(i + 2, i + 4), HEX)}));
                i += 3;
            } else {
                pieces.add(literal(new byte[] {escaped(format.charAt(++i))}));
            }
        }
        return new RecordFormat(pieces);
    }

    private static Piece literal(byte[] text) {
        return new Piece(text, LITERAL);
    }

    private static Piece placeholder(char letter) {
        if (letter == '%') {
            return literal(new byte[] {'%'});
        }
        if ("vskoptThSK".indexOf(letter) < 0) {
            throw new CommandRefused(
                    "%" + letter + " means nothing in a format; there are " + LETTERS.replace("%%", "%") + ".");
        }
        return new Piece(new byte[0], letter);
    }

    private static byte escaped(char letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '0' -> 0;
            default -> (byte) letter;
        };
    }

    void print(ReadRecord record, PrintStream out) {
        for (Piece piece : pieces) {
            byte[] bytes = piece.letter() == LITERAL ? piece.text() : bytes(piece.letter(), record);
            out.write(bytes, 0, bytes.length);
        }
    }

    private static byte[] bytes(char letter, ReadRecord record) {
        return switch (letter) {
            case 'v', 's' -> orEmpty(record.value());
            case 'k' -> orEmpty(record.key());
            case 'h' -> headers(record).getBytes(StandardCharsets.UTF_8);
            default -> text(letter, record).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String text(char letter, ReadRecord record) {
        return switch (letter) {
            case 'o' -> Long.toString(record.offset());
            case 'p' -> Integer.toString(record.partition().partition());
            case 't' -> record.partition().topic();
            case 'T' -> Long.toString(record.timestampMs());
            case 'S' -> Integer.toString(size(record.value()));
            default -> Integer.toString(size(record.key()));
        };
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    private static String headers(ReadRecord record) {
        List<String> all = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            all.add(header.key() + "=" + (value == null ? "NULL" : new String(value, StandardCharsets.UTF_8)));
        }
        return String.join(",", all);
    }

    /** One object; bytes that are no UTF-8 come in base64, under a name that says so. */
    static String json(ReadRecord record) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("topic", record.partition().topic());
        object.put("partition", record.partition().partition());
        object.put("offset", record.offset());
        object.put("timestamp", record.timestampMs());
        object.put("timestampType", record.timestampType() == TimestampType.CREATE_TIME ? "create" : "append");
        put(object, "key", record.key());
        put(object, "value", record.value());
        List<Map<String, @Nullable Object>> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("key", header.key());
            put(one, "value", header.value());
            headers.add(one);
        }
        object.put("headers", headers);
        return Report.json(object);
    }

    private static void put(Map<String, @Nullable Object> object, String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            object.put(name, null);
            return;
        }
        try {
            object.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            object.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
