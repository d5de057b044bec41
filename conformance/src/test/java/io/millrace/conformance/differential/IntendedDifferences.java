package io.millrace.conformance.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of {@code docs/differences-from-kafka.md}: rows of {@code | where | path | Kafka | Millrace | why |}, in which a star
 * stands for anything.
 */
final class IntendedDifferences {

    private static final Path PAGE = Path.of("../docs/differences-from-kafka.md");
    private static final int CELLS = 5;

    record Row(String text, List<Pattern> cells) {
        boolean is(Difference difference) {
            return cells.get(0).matcher(difference.where()).matches()
                    && cells.get(1).matcher(difference.path()).matches()
                    && cells.get(2).matcher(difference.kafka()).matches()
                    && cells.get(3).matcher(difference.millrace()).matches();
        }
    }

    private final List<Row> rows;

    private IntendedDifferences(List<Row> rows) {
        this.rows = rows;
    }

    static IntendedDifferences read() throws IOException {
        var rows = new ArrayList<Row>();
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| `")) {
                rows.add(row(line));
            }
        }
        return new IntendedDifferences(rows);
    }

    private static Row row(String line) {
        var cells = Arrays.stream(line.substring(1).split("(?<!\\\\)\\|"))
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
        if (cells.size() != CELLS || cells.get(CELLS - 1).isEmpty()) {
            throw new IllegalStateException("a row has five cells, the last one with a reason: " + line);
        }
        return new Row(
                line,
                cells.stream()
                        .limit(CELLS - 1)
                        .map(IntendedDifferences::pattern)
                        .toList());
    }

    private static Pattern pattern(String cell) {
        var text = cell.replaceAll("^`|`$", "");
        return Pattern.compile(
                Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    List<Difference> notIntended(List<Difference> found) {
        return found.stream()
                .filter(one -> rows.stream().noneMatch(row -> row.is(one)))
                .toList();
    }

    /** Each row that tells of something, with how often and of what for example. */
    List<String> summary(List<Difference> found) {
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var told = found.stream().filter(row::is).toList();
            if (!told.isEmpty()) {
                lines.add(told.size() + " times, as in " + told.get(0));
            }
        }
        return lines;
    }

    /** Rows that tell of nothing that was found. */
    List<String> notFound(List<Difference> found) {
        return rows.stream()
                .filter(row -> found.stream().noneMatch(row::is))
                .map(Row::text)
                .toList();
    }
}
