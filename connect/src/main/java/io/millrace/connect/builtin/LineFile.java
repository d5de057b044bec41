package io.millrace.connect.builtin;

/**
 * One text and how to read it. Immutable.
 *
 * @param input where the bytes come from; UTF-8
 * @param headerLines lines at the start that are not parsed, 0 or more
 * @param parser what each other line means
 */
public record LineFile<K, V>(LineInput input, int headerLines, LineParser<K, V> parser) {

    public LineFile {
        if (headerLines < 0) {
            throw new IllegalArgumentException("a file has 0 or more header lines, was " + headerLines);
        }
    }
}
