package io.millrace.log;

import java.util.List;

/** Which known name somebody may have meant: the one with the fewest single-letter edits (Levenshtein). Pure. */
public final class NearestName {

    /** Nobody means a known name by one that is longer, and to compare them takes time. */
    private static final int CHARS_MAX = 100;

    private NearestName() {}

    /** A question to end a sentence about a name that is not known with, or nothing if it is like none. */
    public static String hint(String name, List<String> known) {
        String nearest = of(name, known);
        return nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?";
    }

    /** As much of a name as an error message shows. */
    public static String shown(String name) {
        return name.length() <= CHARS_MAX ? name : name.substring(0, CHARS_MAX) + "...";
    }

    /** Empty for a name that is far longer than any that is known. */
    public static String of(String name, List<String> known) {
        if (name.length() > CHARS_MAX) {
            return "";
        }
        String nearest = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(name, candidate);
            if (edits < fewest) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= to.length(); column++) {
                int replace = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replace, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[to.length()];
    }
}
