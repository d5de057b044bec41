package io.millrace.log;

import java.util.List;

/** Which known name somebody may have meant: the one with the fewest single-letter edits (Levenshtein). Pure. */
public final class NearestName {

    private NearestName() {}

    public static String of(String name, List<String> known) {
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
