package io.millrace.server;

import io.millrace.client.OffsetQuery;
import io.millrace.client.TopicPartition;
import io.millrace.server.command.CommandRefused;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Where a job is put back to. */
sealed interface ResetTarget {

    /** The first record of every input. */
    record Start() implements ResetTarget {}

    /** Offsets of some partitions; the others stay where they are. */
    record Offsets(Map<TopicPartition, Long> offsets) implements ResetTarget {
        public Offsets {
            offsets = Map.copyOf(offsets);
        }
    }

    /** The first record of every input whose timestamp is this or later; the end, if there is none. */
    record Time(Instant instant) implements ResetTarget {
        OffsetQuery query() {
            return new OffsetQuery.AtOrAfter(instant.toEpochMilli());
        }
    }

    /**
     * Reads {@code topic:partition=offset,…}.
     *
     * @throws CommandRefused if it is something else
     */
    static Offsets parseOffsets(String text) {
        var offsets = new TreeMap<TopicPartition, Long>();
        for (var part : text.split(",")) {
            var equals = part.lastIndexOf('=');
            var colon = part.lastIndexOf(':', Math.max(equals, 0));
            try {
                if (colon < 1 || equals < colon) {
                    throw new NumberFormatException();
                }
                var partition = Integer.parseInt(part.substring(colon + 1, equals));
                var offset = Long.parseLong(part.substring(equals + 1));
                if (partition < 0 || offset < 0) {
                    throw new NumberFormatException();
                }
                offsets.put(new TopicPartition(part.substring(0, colon), partition), offset);
            } catch (NumberFormatException e) {
                throw new CommandRefused(
                        "offsets are written topic:partition=offset, separated by commas; found " + part);
            }
        }
        return new Offsets(offsets);
    }
}
