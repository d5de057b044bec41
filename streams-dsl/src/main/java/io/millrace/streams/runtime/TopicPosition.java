package io.millrace.streams.runtime;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition has been read, and of which topic: one that is created again under the same name has other records.
 *
 * @param topicId null if it was noted before ids were
 * @param offset of the next record to read
 */
record TopicPosition(@Nullable UUID topicId, long offset) {

    /** Begins the note beside an offset in the job's group; the topic's id follows. */
    private static final String NOTE = "millrace.topic=";

    /** The note that says of which topic an offset is. */
    static String note(UUID topicId) {
        return NOTE + topicId;
    }

    /** The topic that a note names, null if it names none. */
    static @Nullable UUID noted(String note) {
        return note.startsWith(NOTE) ? UUID.fromString(note.substring(NOTE.length())) : null;
    }
}
