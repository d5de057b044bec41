package io.millrace.client;

/**
 * Reads partitions from chosen offsets. The client's signal is raised when a partition that was found empty has more.
 * Never a timer: publication wakes its readers.
 */
public interface Subscription extends AutoCloseable {

    /** Starts to read this partition at the offset, or moves there. */
    void seek(TopicPartition partition, long offset);

    /** Stops reading this partition. */
    void remove(TopicPartition partition);

    /** Offset of the next record that {@link #fetch} looks for. Only for partitions that were sought. */
    long position(TopicPartition partition);

    /** Takes what is there now, at most about {@code fetchBytesMax} and at least one batch, and moves the position behind it. */
    FetchResult fetch(TopicPartition partition);

    /** The ends of the partition as they are known now; nothing is fetched. */
    LogEnds ends(TopicPartition partition);

    @Override
    void close();
}
