package io.millrace.client;

import java.util.HashMap;
import java.util.Map;

/**
 * Why a request was refused: Kafka's error codes, because clients drive state machines from them.
 *
 * <p>Source: {@code org.apache.kafka.common.protocol.Errors} of Apache Kafka 4.3.1 (numbers and names).
 */
public enum ErrorCode {
    UNKNOWN_SERVER_ERROR(-1, false, "The server experienced an unexpected error."),
    NONE(0, false, "No error."),
    OFFSET_OUT_OF_RANGE(1, false, "The offset is outside [log start offset, log end offset]."),
    CORRUPT_MESSAGE(2, true, "The batch failed its CRC, its size is wrong, or a key is missing on a compacted topic."),
    UNKNOWN_TOPIC_OR_PARTITION(3, true, "There is no such topic or partition."),
    INVALID_FETCH_SIZE(4, false, "The fetch size is not positive."),
    LEADER_NOT_AVAILABLE(5, true, "The partition has no leader at the moment."),
    NOT_LEADER_OR_FOLLOWER(6, true, "This node does not lead the partition."),
    REQUEST_TIMED_OUT(7, true, "The request was not completed in its time."),
    BROKER_NOT_AVAILABLE(8, false, "The node is not available."),
    REPLICA_NOT_AVAILABLE(9, true, "The replica is not available."),
    MESSAGE_TOO_LARGE(10, false, "The batch is larger than max.message.bytes of its topic."),
    STALE_CONTROLLER_EPOCH(11, false, "The controller moved."),
    OFFSET_METADATA_TOO_LARGE(12, false, "The metadata of the committed offset is too large."),
    NETWORK_EXCEPTION(13, true, "The connection was lost before the answer."),
    COORDINATOR_LOAD_IN_PROGRESS(14, true, "The coordinator is reading its state from the log."),
    COORDINATOR_NOT_AVAILABLE(15, true, "The coordinator is not available."),
    NOT_COORDINATOR(16, true, "This is not the coordinator of the group or transactional id."),
    INVALID_TOPIC_EXCEPTION(17, false, "The topic name is not valid."),
    RECORD_LIST_TOO_LARGE(18, false, "The batch is larger than the segment size."),
    NOT_ENOUGH_REPLICAS(19, true, "Fewer in-sync replicas than min.insync.replicas."),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, true, "Appended, but to fewer in-sync replicas than required."),
    INVALID_REQUIRED_ACKS(21, false, "acks must be -1, 0 or 1."),
    ILLEGAL_GENERATION(22, false, "The generation is not the group's."),
    INCONSISTENT_GROUP_PROTOCOL(23, false, "The member's protocols do not fit the group's."),
    INVALID_GROUP_ID(24, false, "The group id is not valid."),
    UNKNOWN_MEMBER_ID(25, false, "The member is not in the group."),
    INVALID_SESSION_TIMEOUT(26, false, "The session timeout is out of range."),
    REBALANCE_IN_PROGRESS(27, false, "The group is rebalancing."),
    INVALID_COMMIT_OFFSET_SIZE(28, false, "The offset commit is too large."),
    TOPIC_AUTHORIZATION_FAILED(29, false, "Not authorized for the topic."),
    GROUP_AUTHORIZATION_FAILED(30, false, "Not authorized for the group."),
    CLUSTER_AUTHORIZATION_FAILED(31, false, "Not authorized for the cluster."),
    INVALID_TIMESTAMP(32, false, "The timestamp is out of the accepted range."),
    UNSUPPORTED_SASL_MECHANISM(33, false, "The SASL mechanism is not supported."),
    ILLEGAL_SASL_STATE(34, false, "The request is not valid in this SASL state."),
    UNSUPPORTED_VERSION(35, false, "The version is not supported."),
    TOPIC_ALREADY_EXISTS(36, false, "A topic with this name exists."),
    INVALID_PARTITIONS(37, false, "The number of partitions is not valid."),
    INVALID_REPLICATION_FACTOR(38, false, "The replication factor is not valid."),
    INVALID_REPLICA_ASSIGNMENT(39, false, "The replica assignment is not valid."),
    INVALID_CONFIG(40, false, "A configuration value is not valid."),
    NOT_CONTROLLER(41, true, "This is not the controller."),
    INVALID_REQUEST(42, false, "The request is not valid."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, false, "The message format does not support the request."),
    POLICY_VIOLATION(44, false, "The request violates a policy."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, false, "The sequence number is not the next one of the producer."),
    DUPLICATE_SEQUENCE_NUMBER(46, false, "The sequence number was seen before."),
    INVALID_PRODUCER_EPOCH(47, false, "The producer epoch is older than the current one."),
    INVALID_TXN_STATE(48, false, "The transaction is not in a state that allows this."),
    INVALID_PRODUCER_ID_MAPPING(49, false, "The producer id is not the one of this transactional id."),
    INVALID_TRANSACTION_TIMEOUT(50, false, "The transaction timeout is larger than transaction.max.timeout.ms."),
    CONCURRENT_TRANSACTIONS(51, true, "Another transaction of this transactional id is still being completed."),
    TRANSACTION_COORDINATOR_FENCED(52, false, "A newer transaction coordinator has written a marker."),
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53, false, "Not authorized for the transactional id."),
    SECURITY_DISABLED(54, false, "Security is disabled."),
    OPERATION_NOT_ATTEMPTED(55, false, "Not attempted because another part of the request failed."),
    KAFKA_STORAGE_ERROR(56, true, "The disk of the partition failed."),
    LOG_DIR_NOT_FOUND(57, false, "The log directory is unknown."),
    SASL_AUTHENTICATION_FAILED(58, false, "SASL authentication failed."),
    UNKNOWN_PRODUCER_ID(59, false, "There is no state for the producer id."),
    REASSIGNMENT_IN_PROGRESS(60, false, "The partition is being reassigned."),
    NON_EMPTY_GROUP(68, false, "The group has members."),
    GROUP_ID_NOT_FOUND(69, false, "There is no such group."),
    FETCH_SESSION_ID_NOT_FOUND(70, true, "The fetch session is unknown."),
    INVALID_FETCH_SESSION_EPOCH(71, true, "The fetch session epoch is not valid."),
    TOPIC_DELETION_DISABLED(73, false, "Topic deletion is disabled."),
    FENCED_LEADER_EPOCH(74, true, "The leader epoch is older than the current one."),
    UNKNOWN_LEADER_EPOCH(75, true, "The leader epoch is newer than the current one."),
    UNSUPPORTED_COMPRESSION_TYPE(76, false, "The compression type is not supported."),
    STALE_BROKER_EPOCH(77, false, "The broker epoch is stale."),
    OFFSET_NOT_AVAILABLE(78, true, "The new leader does not know its high watermark yet."),
    MEMBER_ID_REQUIRED(79, false, "Join again with the member id in the answer."),
    GROUP_MAX_SIZE_REACHED(81, false, "The group is full."),
    FENCED_INSTANCE_ID(82, false, "Another member has this group instance id."),
    ELECTION_NOT_NEEDED(84, true, "The partition has the leader that it should have."),
    GROUP_SUBSCRIBED_TO_TOPIC(86, false, "Consumers of the group are reading the topic."),
    INVALID_RECORD(87, false, "A record is not valid."),
    UNSTABLE_OFFSET_COMMIT(88, true, "Offsets of an open transaction are pending."),
    THROTTLING_QUOTA_EXCEEDED(89, true, "The quota is exceeded; of an append: the disk has too little room."),
    PRODUCER_FENCED(90, false, "A newer producer with this transactional id is active."),
    UNKNOWN_TOPIC_ID(100, true, "There is no topic with this id."),
    INCONSISTENT_TOPIC_ID(103, true, "The topic id is not the one of the topic's log."),
    TRANSACTIONAL_ID_NOT_FOUND(105, false, "There is no such transactional id."),
    FETCH_SESSION_TOPIC_ID_ERROR(106, true, "The fetch session names topics in another way than the request."),
    FENCED_MEMBER_EPOCH(110, false, "The member epoch is fenced."),
    UNRELEASED_INSTANCE_ID(111, false, "Another member has this group instance id and has not let it go."),
    UNSUPPORTED_ASSIGNOR(112, false, "The assignor is not supported."),
    STALE_MEMBER_EPOCH(113, false, "The member epoch is stale."),
    MISMATCHED_ENDPOINT_TYPE(114, false, "The request was sent to an endpoint of the wrong type."),
    UNSUPPORTED_ENDPOINT_TYPE(115, false, "This type of endpoint is not supported."),
    TRANSACTION_ABORTABLE(120, false, "Abort the transaction and try again."),
    INVALID_REGULAR_EXPRESSION(128, false, "The regular expression is not valid."),
    REBOOTSTRAP_REQUIRED(
            129, false, "The client has come to another node or cluster than it meant; it must begin anew.");

    private static final Map<Integer, ErrorCode> BY_CODE = new HashMap<>();

    static {
        for (ErrorCode error : values()) {
            BY_CODE.put((int) error.code, error);
        }
    }

    private final short code;
    private final boolean retriable;
    private final String meaning;

    ErrorCode(int code, boolean retriable, String meaning) {
        this.code = (short) code;
        this.retriable = retriable;
        this.meaning = meaning;
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetriable() {
        return retriable;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** The error with this number, {@link #UNKNOWN_SERVER_ERROR} if there is none. */
    public static ErrorCode of(int code) {
        return BY_CODE.getOrDefault(code, UNKNOWN_SERVER_ERROR);
    }
}
