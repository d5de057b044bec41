package io.millrace.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only door to a log. One thread owns a client and everything it hands out; no call blocks, every {@link Pending} is
 * looked at when its owner is stepped. The in-process and the remote implementation pass one contract suite.
 *
 * <p>Topic, group and configuration names are Kafka's, and so are the error codes.
 */
public interface LogClient extends AutoCloseable {

    /** How many requests a client keeps for a log that cannot take them in at the moment. */
    int QUEUED_REQUESTS_MAX = 4096;

    // ---- topics

    /** Errors: TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION, INVALID_PARTITIONS, INVALID_CONFIG. */
    Pending<TopicDescription> createTopic(NewTopic topic);

    /** Sets the keys given; an empty value goes back to the default. All or nothing. Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_CONFIG. */
    Pending<TopicDescription> alterTopic(String topic, Map<String, Optional<String>> configs);

    /** Raises the number of partitions; existing records stay where they are. Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS. */
    Pending<TopicDescription> addPartitions(String topic, int partitionCount);

    /** Errors: UNKNOWN_TOPIC_OR_PARTITION. */
    Pending<Void> deleteTopic(String topic);

    /** Errors: UNKNOWN_TOPIC_OR_PARTITION. */
    Pending<TopicDescription> describeTopic(String topic);

    /** Every topic, internal ones included, in order of name. */
    Pending<List<TopicDescription>> listTopics();

    /**
     * Moves the log start up to {@code beforeOffset}, or to the high watermark if it is -1; answers the new log start.
     * Errors: UNKNOWN_TOPIC_OR_PARTITION, OFFSET_OUT_OF_RANGE, POLICY_VIOLATION (the topic is only compacted).
     */
    Pending<Long> deleteRecords(TopicPartition partition, long beforeOffset);

    /** Offset for a time or an end of the log. Errors: UNKNOWN_TOPIC_OR_PARTITION. */
    Pending<FoundOffset> findOffset(TopicPartition partition, OffsetQuery query, IsolationLevel isolation);

    // ---- reading and writing

    /** Opens a reader that belongs to this client's owner. */
    Subscription openSubscription(IsolationLevel isolation, int fetchBytesMax);

    /**
     * Asks a compacted partition to keep its tombstones at and above this offset whatever their age, because a local store
     * would have to read them after a crash. Replaces what this client asked for before; {@link Long#MAX_VALUE} lifts it; it
     * ends with the client. While nobody asks for anything, a topic with {@code tombstones.held=true} keeps them all and any
     * other topic none: so the topics of jobs say that, and a job says here what may go. A log of another process does not
     * know of either and answers with success all the same: there a store that lies behind for longer than
     * {@code delete.retention.ms} must be rebuilt.
     */
    Pending<Void> holdTombstones(TopicPartition partition, long fromOffset);

    /**
     * Makes durable everything that the log has acknowledged so far, whatever the {@code durability} of its topics: done when
     * no power cut can take any of it. Appends do not wait for it. A log of another process does not know of it and answers
     * with success at once: there, durability is replication. Errors: KAFKA_STORAGE_ERROR.
     */
    Pending<Void> sync();

    /** Opens a producer that belongs to this client's owner; it is usable once {@link Producer#ready} is done. */
    Producer openProducer(ProducerOptions options);

    // ---- groups

    /** Committed positions of a group; empty if it has none. Errors: UNSTABLE_OFFSET_COMMIT while a transaction holds some of them open. */
    Pending<Map<TopicPartition, CommittedOffset>> committedOffsets(String group);

    /** Commits positions outside of a transaction. Errors: UNKNOWN_MEMBER_ID if somebody else is in the group. */
    Pending<Void> commitOffsets(String group, Map<TopicPartition, CommittedOffset> offsets);

    /** Forgets the group's positions for these partitions; all of them if the list is empty. Errors: GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP. */
    Pending<Void> deleteOffsets(String group, List<TopicPartition> partitions);

    /**
     * Makes this client the one member of the group until it closes the claim: others cannot join, commit or reset, and the
     * group's offsets do not expire. On a log of this process they do not expire after the claim has ended either; on another
     * one {@code offsets.retention.minutes} counts from then. Errors: NON_EMPTY_GROUP.
     */
    Pending<GroupClaim> claimGroup(String group);

    /** Every group that has a member or committed offsets, in order of name. */
    Pending<List<GroupDescription>> listGroups();

    /** Every transactional id the log knows, in order of name. */
    Pending<List<TransactionDescription>> listTransactions();

    // ---- life

    /**
     * Back-pressure. Nothing blocks: while the log cannot take in what this client sends, requests wait on the client's side
     * in the order in which they were made, and {@link #poll} sends them on. A writer that looks at this before each append
     * and pauses keeps memory bounded; the signal is raised when there is space again. Whoever goes on nevertheless gets an
     * {@link IllegalStateException} once {@link #QUEUED_REQUESTS_MAX} requests wait.
     */
    boolean isCongested();

    /**
     * Lets the client do what is due: time-outs, and for a remote log its sockets.
     *
     * @param nowMs wall-clock time in ms
     * @return units of work done
     */
    int poll(long nowMs);

    /** Closes everything it opened; open transactions are aborted. */
    @Override
    void close();
}
