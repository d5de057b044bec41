package io.millrace.streams.codec;

import java.nio.charset.StandardCharsets;

/**
 * Text in keys: UTF-8, but with a lone surrogate written as if it were a character of its own (three bytes), so that different
 * strings have different bytes.
 */
final class KeyText {

    private static final int SURROGATE_FIRST_BYTE = 0xed;
    private static final int SURROGATE_SECOND_BYTE_MIN = 0xa0;

    private KeyText() {}

    /** A character takes one to four bytes. With {@code escaped}, a zero becomes 00 ff. */
    static void write(KeyBuffer out, String text, boolean escaped) {
        int length = text.length();
        byte[] bytes = out.room(length);
        int end = out.length();
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c == 0) {
                break;
            }
            bytes[end++] = (byte) c;
        }
        out.advance(end);
        if (i < length) {
            writeRest(out, text, i, escaped);
        }
    }

    private static void writeRest(KeyBuffer out, String text, int from, boolean escaped) {
        int length = text.length();
        for (int i = from; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out.put(c);
                if (c == 0 && escaped) {
                    out.put(0xff);
                }
            } else if (c < 0x800) {
                out.put(0xc0 | c >> 6);
                out.put(0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                out.put(0xf0 | point >> 18);
                out.put(0x80 | point >> 12 & 0x3f);
                out.put(0x80 | point >> 6 & 0x3f);
                out.put(0x80 | point & 0x3f);
            } else {
                out.put(0xe0 | c >> 12);
                out.put(0x80 | c >> 6 & 0x3f);
                out.put(0x80 | c & 0x3f);
            }
        }
    }

    static String read(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length - 1; i++) {
            if ((bytes[i] & 0xff) == SURROGATE_FIRST_BYTE && (bytes[i + 1] & 0xff) >= SURROGATE_SECOND_BYTE_MIN) {
                return readWithSurrogates(bytes, offset, length);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static String readWithSurrogates(byte[] bytes, int offset, int length) {
        StringBuilder text = new StringBuilder(length);
        int i = offset;
        while (i < offset + length) {
            int first = bytes[i] & 0xff;
            int size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
            int point = size == 1 ? first : first & 0xff >> size + 1;
            for (int j = 1; j < size; j++) {
                point = point << 6 | bytes[i + j] & 0x3f;
            }
            text.appendCodePoint(point);
            i += size;
        }
        return text.toString();
    }
}
