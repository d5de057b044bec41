package io.millrace.streams.operator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What a flat map answered, complete before the first element is handed on: a record that fails leaves nothing behind. */
final class Answers {

    private Answers() {}

    /** Runs user code if the answer is lazy. */
    static <T> Iterable<T> complete(Iterable<T> answer) {
        if (Objects.requireNonNull(answer, "a flat map must answer records, or none, but not null")
                instanceof Collection) {
            return answer;
        }
        List<T> all = new ArrayList<>();
        for (T each : answer) {
            all.add(each);
        }
        return all;
    }
}
