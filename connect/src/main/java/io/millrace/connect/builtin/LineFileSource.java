package io.millrace.connect.builtin;

import io.millrace.kernel.Clock;
import io.millrace.kernel.SystemClock;
import io.millrace.streams.Source;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Text files, line by line, as a source of a job. Immutable.
 *
 * <p>Files of one split are read one after the other, in the order given; splits are read side by side. A split ends with its
 * last file. Its position is (file, lines, bytes), so a plain file is resumed by seeking and a packed one by reading past what
 * was taken. Do not change a file while a job reads it, other than by appending before its end was reached.
 */
public final class LineFileSource<K, V> implements Source<K, V> {

    private final Map<String, List<LineFile<K, V>>> splits;

    private LineFileSource(Map<String, List<LineFile<K, V>>> splits) {
        this.splits = splits;
    }

    /** The lines of one text as they are, under the text's name. A text says no time, so a line has that of its reading. */
    public static LineFileSource<String, String> lines(LineInput text) {
        return lines(text, SystemClock.INSTANCE);
    }

    static LineFileSource<String, String> lines(LineInput text, Clock clock) {
        return inOrder(List.of(new LineFile<>(text, 0, line -> new SourceRecord<>(text.name(), line, clock.wallMs()))));
    }

    /** One split that reads these files in this order. */
    public static <K, V> LineFileSource<K, V> inOrder(List<LineFile<K, V>> files) {
        return sideBySide(Map.of("lines", files));
    }

    /** One split per entry; the keys are the names of the splits and must stay the same for the life of the job. */
    public static <K, V> LineFileSource<K, V> sideBySide(Map<String, List<LineFile<K, V>>> splits) {
        if (splits.isEmpty()) {
            throw new IllegalArgumentException("a source has at least one split");
        }
        // In the order given, which is the order in which splits are assigned to tasks.
        var copy = new LinkedHashMap<String, List<LineFile<K, V>>>();
        splits.forEach((name, files) -> {
            if (files.isEmpty()) {
                throw new IllegalArgumentException("the split " + name + " has no files; it needs at least one");
            }
            copy.put(name, List.copyOf(files));
        });
        return new LineFileSource<>(copy);
    }

    @Override
    public List<String> splits() {
        return List.copyOf(splits.keySet());
    }

    /** @throws IOException if a file is missing, or the position belongs to other files */
    @Override
    public Reader<K, V> open(String split, Map<String, String> position) throws IOException {
        var files = splits.get(split);
        if (files == null) {
            throw new IllegalArgumentException("there is no split " + split + ", only " + splits.keySet());
        }
        return new LineFileReader<>(files, LinePosition.of(split, position, files));
    }
}
