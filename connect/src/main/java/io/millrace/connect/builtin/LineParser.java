package io.millrace.connect.builtin;

import io.millrace.streams.Source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A user's reading of one line: the record it says, or null if it says none, such as a blank line.
 *
 * <p>Throwing anything stops the job with a sentence that names file, line number and the exception's message, so say what was
 * expected and what was found.
 */
@FunctionalInterface
public interface LineParser<K, V> {

    /** @param line without its line ending */
    @Nullable
    SourceRecord<K, V> parse(String line) throws Exception;
}
