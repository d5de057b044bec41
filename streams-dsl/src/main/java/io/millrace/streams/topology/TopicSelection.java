package io.millrace.streams.topology;

import java.util.List;
import java.util.regex.Pattern;

/** Which topics a source reads. */
public sealed interface TopicSelection {

    record Named(List<String> topics) implements TopicSelection {
        public Named {
            topics = List.copyOf(topics);
        }
    }

    record Matching(Pattern pattern) implements TopicSelection {}
}
