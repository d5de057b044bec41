package io.millrace.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of data: aligned columns for people, or one JSON object per line for programs. Names of columns are those of the objects;
 * cells are strings, numbers, booleans, lists of these, or null for what is unknown.
 */
final class Report {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNKNOWN = "-";

    private final PrintStream out;
    private final boolean json;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Report(PrintStream out, boolean json, String... columns) {
        this.out = out;
        this.json = json;
        this.columns = List.of(columns);
    }

    /** @param cells as many as there are columns */
    void row(@Nullable Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for the columns " + columns);
        }
        if (json) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int i = 0; i < cells.length; i++) {
                object.put(columns.get(i), cells[i]);
            }
            out.println(json(object));
        } else {
            List<String> row = new ArrayList<>();
            for (Object cell : cells) {
                row.add(text(cell));
            }
            rows.add(row);
        }
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row is no JSON", e);
        }
    }

    private static String text(@Nullable Object cell) {
        if (cell == null) {
            return UNKNOWN;
        }
        if (cell instanceof Collection<?> all) {
            return all.isEmpty() ? UNKNOWN : all.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        String text = String.valueOf(cell);
        return text.isEmpty() ? UNKNOWN : text;
    }

    /** Prints what has been held back until the widths were known. */
    void print() {
        if (!json && !rows.isEmpty()) {
            int[] widths = new int[columns.size()];
            rows.add(0, columns.stream().map(Report::heading).toList());
            rows.forEach(row -> {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            });
            rows.forEach(row -> out.println(line(row, widths)));
            rows.clear();
        }
        out.flush();
    }

    /** {@code startOffset} is shown as START OFFSET. */
    private static String heading(String column) {
        return column.replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT);
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
