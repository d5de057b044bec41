package io.millrace.connect.builtin;

import java.io.IOException;

/** A line that cannot be taken: its message is one sentence with the file, the line number, the reason and how the line begins. */
public final class UnreadableLineException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int EXCERPT_CHARS_MAX = 80;

    UnreadableLineException(String file, long lineNumber, String line, Exception reason) {
        super(file + ", line " + lineNumber + " cannot be read: " + reasonOf(reason) + excerpt(line), reason);
    }

    UnreadableLineException(String file, long lineNumber, Exception reason) {
        super(file + ", line " + lineNumber + " cannot be read: " + reasonOf(reason), reason);
    }

    private static String reasonOf(Exception reason) {
        var message = reason.getMessage();
        return message == null || message.isBlank() ? reason.getClass().getSimpleName() : message;
    }

    private static String excerpt(String line) {
        return line.length() <= EXCERPT_CHARS_MAX
                ? "; the line is \"" + line + "\""
                : "; the line begins \"" + line.substring(0, EXCERPT_CHARS_MAX) + "…\"";
    }
}
