package io.millrace.node;

import io.millrace.client.LogEnds;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.log.LogView;
import io.millrace.log.PartitionLog;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What threads other than the owner may know of a partition: where to read it, and how to be told of more. */
public final class PartitionHandle {

    private static final LogEnds NOTHING = new LogEnds(0, 0, 0, 0);

    private final TopicPartition id;
    private final UUID topicId;
    private final Readers readers = new Readers();

    /** Set once by the owner, when the log is opened; a partition that was never written may have none. */
    private volatile @Nullable PartitionLog log;

    /** Set once by the owner: why nothing follows the end of what can be read, although there was more. */
    private volatile @Nullable String offline;

    private volatile boolean deleted;

    PartitionHandle(TopicPartition id, UUID topicId) {
        this.id = id;
        this.topicId = topicId;
    }

    public TopicPartition id() {
        return id;
    }

    public UUID topicId() {
        return topicId;
    }

    Readers readers() {
        return readers;
    }

    /**
     * Has this signal raised whenever the partition publishes something, is deleted or fails. Join before you look: then
     * either the look sees what was published, or the publication sees you.
     */
    public void join(Signal signal) {
        readers.join(signal);
    }

    /** Takes back one {@link #join}. */
    public void leave(Signal signal) {
        readers.leave(signal);
    }

    /** What is published at this moment; empty if nothing was ever written. */
    public Optional<LogView> view() {
        PartitionLog opened = log;
        return opened == null ? Optional.empty() : Optional.of(opened.view());
    }

    public LogEnds ends() {
        PartitionLog opened = log;
        return opened == null ? NOTHING : opened.view().ends();
    }

    public boolean isDeleted() {
        return deleted;
    }

    /** Why the partition cannot be read beyond its end, if so. */
    public Optional<String> offline() {
        return Optional.ofNullable(offline);
    }

    /** Owner only. */
    void opened(PartitionLog opened) {
        log = opened;
    }

    /** Owner only. */
    void failed(String reason) {
        offline = reason;
        readers.raise();
    }

    /** Owner only. */
    void delete() {
        deleted = true;
        readers.raise();
    }
}
