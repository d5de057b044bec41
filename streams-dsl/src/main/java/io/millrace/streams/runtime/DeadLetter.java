package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.record.RecordTooLargeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a dead-letter topic. A letter is larger than the record it is about, so one that its topic does not
 * take is cut until it does, and says what was left out: that it names topic, partition and offset is worth more than a job
 * that stops.
 *
 * @param partition of the input; the letter goes to the same one, modulo those there are
 * @param own headers of the record
 * @param notes our headers, see {@link ErrorHeaders}
 */
record DeadLetter(
        int partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        long timestampMs,
        List<Header> own,
        List<Header> notes) {

    private enum Cut {
        NOTHING,
        STACK_TRACE,
        VALUE,
        ALL_BUT_NOTES
    }

    /** @throws RecordTooLargeException if the topic does not take the notes alone */
    void writeTo(TopicWriter writer, LaneOutputs outputs) throws Exception {
        for (Cut cut : Cut.values()) {
            try {
                outputs.write(
                        writer,
                        partition % writer.partitionCount(),
                        cut == Cut.ALL_BUT_NOTES ? null : key,
                        cut.compareTo(Cut.VALUE) >= 0 ? null : value,
                        timestampMs,
                        headers(cut));
                return;
            } catch (RecordTooLargeException e) {
                if (cut == Cut.ALL_BUT_NOTES) {
                    throw e;
                }
            }
        }
    }

    private Header[] headers(Cut cut) {
        List<Header> headers = new ArrayList<>();
        if (cut != Cut.ALL_BUT_NOTES) {
            headers.addAll(own);
        }
        headers.addAll(notes);
        if (cut != Cut.NOTHING) {
            headers.removeIf(header -> header.key().equals(ErrorHeaders.STACK_TRACE));
            headers.add(ErrorHeaders.text(ErrorHeaders.LEFT_OUT, leftOut(cut)));
        }
        return headers.toArray(Header[]::new);
    }

    private String leftOut(Cut cut) {
        String text = "stack trace";
        if (cut.compareTo(Cut.VALUE) >= 0 && value != null) {
            text += ", value of " + value.length + " bytes";
        }
        if (cut == Cut.ALL_BUT_NOTES) {
            text += (key == null ? "" : ", key of " + key.length + " bytes") + ", " + own.size() + " headers";
        }
        return text;
    }
}
