package io.millrace.streams.runtime;

import io.millrace.streams.Source;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A split of a foreign source as an input. Owned by the I/O agent.
 *
 * <p>A source names its position only behind a whole batch, but an epoch may end anywhere. So the job's position is the
 * source's position before the batch and the number of records taken since, which are skipped when it is opened again.
 */
final class ForeignInput extends InputReader {

    /** The part of a committed position that is ours: how many records to skip. */
    static final String SKIP = "millrace.skip";

    private static final Logger LOG = LoggerFactory.getLogger(ForeignInput.class);

    private final Source.Reader<Object, Object> reader;
    private final int recordsMax;
    private Iterator<Source.SourceRecord<Object, Object>> records =
            List.<Source.SourceRecord<Object, Object>>of().iterator();
    private Map<String, String> batchPosition;
    private Map<String, String> nextPosition;
    private long takenInBatch;
    private long skip;
    private Map<String, String> committedPosition;
    private boolean ended;
    private boolean wasEmpty;

    /**
     * @param source to open
     * @param committed what {@link #collectPosition} told the last commit, empty for the start
     * @param recordsMax taken from the source at once
     */
    ForeignInput(TaskInput input, Source<Object, Object> source, Map<String, String> committed, int recordsMax)
            throws Exception {
        super(input);
        Map<String, String> position = new HashMap<>(committed);
        String skipped = position.remove(SKIP);
        this.skip = skipped == null ? 0 : Long.parseLong(skipped);
        this.batchPosition = Map.copyOf(position);
        this.nextPosition = batchPosition;
        this.committedPosition = Map.copyOf(committed);
        this.recordsMax = recordsMax;
        String split = input.split();
        this.reader = source.open(split == null ? "" : split, batchPosition);
    }

    @Override
    boolean decodeNext() throws Exception {
        while (true) {
            while (!records.hasNext()) {
                if (!poll()) {
                    return false;
                }
            }
            Source.SourceRecord<Object, Object> next = records.next();
            if (skip > 0) {
                skip--;
                takenInBatch++;
                continue;
            }
            key = next.key();
            value = next.value();
            timestampMs = next.timestampMs();
            return true;
        }
    }

    private boolean poll() throws Exception {
        if (ended) {
            return false;
        }
        batchPosition = nextPosition;
        takenInBatch = 0;
        Source.Batch<Object, Object> batch = reader.poll(recordsMax);
        records = batch.records().iterator();
        nextPosition = batch.nextPosition();
        ended = batch.ended();
        wasEmpty = batch.records().isEmpty();
        return !wasEmpty;
    }

    @Override
    void taken() {
        takenInBatch++;
    }

    @Override
    boolean hasUnread(long nowNs) {
        return hasHead() || records.hasNext() || (!ended && !wasEmpty);
    }

    @Override
    long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Whether the split has been read to its end for good. */
    boolean hasEnded() {
        return ended && !records.hasNext() && !hasHead();
    }

    /** How far it has been read, 0 to 1; negative if unknown. */
    double progress() {
        return hasEnded() ? 1 : reader.progress();
    }

    @Override
    boolean collectPosition(PositionsOfEpoch into) {
        Map<String, String> position = position();
        if (position.equals(committedPosition)) {
            return false;
        }
        into.foreign(input.shard(), positionName(input), position);
        committedPosition = position;
        return true;
    }

    private Map<String, String> position() {
        if (!records.hasNext() && !hasHead()) {
            return nextPosition;
        }
        Map<String, String> position = new HashMap<>(batchPosition);
        if (takenInBatch > 0) {
            position.put(SKIP, Long.toString(takenInBatch));
        }
        return Map.copyOf(position);
    }

    /** How the meta record names the split. */
    static String positionName(TaskInput input) {
        return input.source().id() + "/" + input.split();
    }

    @Override
    long lag() {
        return hasEnded() ? 0 : -1;
    }

    @Override
    void close() {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.warn(
                    "source={} split={} could not be closed: {}", input.source().id(), input.split(), e.getMessage());
        }
    }
}
