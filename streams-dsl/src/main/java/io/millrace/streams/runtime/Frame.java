package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.SourceBytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decoded input of one task, in columns that are used again and again. Filled by the I/O agent, emptied by the lane.
 *
 * <p>An empty frame still carries progress: how far the task's inputs have surely been read.
 */
final class Frame extends LaneItem {

    /** Records of a frame at most: large enough that a ring hop costs nothing a record, small enough for a first-level cache. */
    static final int RECORDS_MAX = 256;

    /** Encoded bytes of the records of a frame, about: bounds what a lane's full pipeline holds. */
    static final int BYTES_MAX = 256 << 10;

    /** Progress of a task without unread input. */
    static final long ALL_READ = Long.MAX_VALUE;

    int fragment;
    int shard;
    int count;
    int bytes;

    final @Nullable Object[] keys;
    final @Nullable Object[] values;
    final long[] timestampsMs;
    final long[] offsets;
    final int[] inputs;

    /** Null where no record of the frame has headers. */
    @Nullable
    List<Header> @Nullable [] headers;

    /** Null where no dead-letter topic wants the records as they were read. */
    @Nullable
    SourceBytes @Nullable [] sources;

    /** Null where all records of the frame could be decoded. */
    @Nullable
    DecodeFailure @Nullable [] failures;

    /** The largest timestamp read (ms), or {@link #ALL_READ}. */
    long progressMs;

    Frame(int recordsMax) {
        keys = new Object[recordsMax];
        values = new Object[recordsMax];
        timestampsMs = new long[recordsMax];
        offsets = new long[recordsMax];
        inputs = new int[recordsMax];
    }

    void begin(int fragmentIndex, int shardIndex) {
        fragment = fragmentIndex;
        shard = shardIndex;
        count = 0;
        bytes = 0;
        headers = null;
        sources = null;
        failures = null;
    }

    boolean isFull() {
        return count == keys.length || bytes >= BYTES_MAX;
    }

    void add(int input, @Nullable Object key, @Nullable Object value, long timestampMs, long offset) {
        int at = count++;
        inputs[at] = input;
        keys[at] = key;
        values[at] = value;
        timestampsMs[at] = timestampMs;
        offsets[at] = offset;
    }

    /** Gives the record added last its headers. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    void headersOfLast(List<Header> recordHeaders) {
        if (headers == null) {
            headers = new List[keys.length];
        }
        headers[count - 1] = recordHeaders;
    }

    /** Keeps the record added last as it was read. */
    void sourceOfLast(SourceBytes bytes) {
        if (sources == null) {
            sources = new SourceBytes[keys.length];
        }
        sources[count - 1] = bytes;
    }

    @Nullable
    SourceBytes sourceAt(int index) {
        return sources == null ? null : sources[index];
    }

    /** Marks the record added last as one that could not be decoded. */
    void failureOfLast(DecodeFailure failure) {
        if (failures == null) {
            failures = new DecodeFailure[keys.length];
        }
        failures[count - 1] = failure;
    }

    List<Header> headersAt(int index) {
        List<Header> found = headers == null ? null : headers[index];
        return found == null ? List.of() : found;
    }

    @Nullable
    DecodeFailure failureAt(int index) {
        return failures == null ? null : failures[index];
    }

    /** Lets go of the objects, so that an old frame does not keep young ones alive. */
    void release() {
        Arrays.fill(keys, 0, count, null);
        Arrays.fill(values, 0, count, null);
        headers = null;
        sources = null;
        failures = null;
        count = 0;
    }
}
