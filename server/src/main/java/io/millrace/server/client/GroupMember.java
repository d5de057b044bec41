package io.millrace.server.client;

import io.millrace.broker.message.HeartbeatRequest;
import io.millrace.broker.message.HeartbeatResponse;
import io.millrace.broker.message.JoinGroupRequest;
import io.millrace.broker.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.millrace.broker.message.JoinGroupResponse;
import io.millrace.broker.message.LeaveGroupRequest;
import io.millrace.broker.message.LeaveGroupRequest.MemberIdentity;
import io.millrace.broker.message.LeaveGroupResponse;
import io.millrace.broker.message.SyncGroupRequest;
import io.millrace.broker.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.millrace.broker.message.SyncGroupResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.record.wire.Message;
import io.millrace.record.wire.RequestKind;
import io.millrace.server.client.ClusterClient.CoordinatorOf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A member of a group of the classic protocol, beside whatever other consumers are in it. On the thread of its
 * {@link ClusterClient}, which must call {@link #keep} at least every {@link #SESSION}.
 *
 * <p>Life: {@link #join}; then {@link #keep} and {@link #commit}; whenever one of them says false, commit and {@code join}
 * again; at last {@link #leave}.
 */
public final class GroupMember {

    /** Within what servers accept by default. */
    static final Duration SESSION = Duration.ofSeconds(30);

    private static final Duration REBALANCE_MAX = Duration.ofMinutes(1);
    private static final Duration HEARTBEAT_EVERY = Duration.ofSeconds(3);
    private static final int BATCHED_LEAVING = 3;
    private static final Duration LOADING_MAX = Duration.ofSeconds(30);
    private static final int JOINS_MAX = 20;

    private final ClusterClient cluster;
    private final String group;
    private final List<String> topics;
    private String memberId = "";
    private int generation = -1;
    private long beatenNs;

    public GroupMember(ClusterClient cluster, String group, List<String> topics) {
        this.cluster = cluster;
        this.group = group;
        this.topics = List.copyOf(topics);
    }

    /**
     * Waits until the group has a place for this member.
     *
     * @return the partitions that are its own
     */
    public List<TopicPartition> join() {
        long loadedByNs = System.nanoTime() + LOADING_MAX.toNanos();
        for (int tried = 0; tried < JOINS_MAX; tried++) {
            JoinGroupResponse joined = askToJoin();
            ErrorCode error = ErrorCode.of(joined.errorCode());
            while (isLoading(error) && System.nanoTime() < loadedByNs) {
                ClusterClient.pause();
                joined = askToJoin();
                error = ErrorCode.of(joined.errorCode());
            }
            if (error == ErrorCode.NONE) {
                memberId = joined.memberId();
                generation = joined.generationId();
                SyncGroupResponse synced = sync(joined);
                error = ErrorCode.of(synced.errorCode());
                if (error == ErrorCode.NONE) {
                    beatenNs = System.nanoTime();
                    return ConsumerProtocol.partitions(synced.assignment());
                }
            }
            if (error == ErrorCode.MEMBER_ID_REQUIRED) {
                memberId = joined.memberId();
            } else if (error == ErrorCode.UNKNOWN_MEMBER_ID) {
                memberId = "";
            } else if (error != ErrorCode.REBALANCE_IN_PROGRESS && !error.isRetriable()) {
                throw ClientException.refused("joining group " + group, error.code(), null);
            } else {
                ClusterClient.pause();
            }
        }
        throw new ClientException("group " + group + " did not come to rest; try again.");
    }

    /** A broker of Apache Kafka makes the topic of groups when the first one comes, which takes it seconds. */
    private static boolean isLoading(ErrorCode error) {
        return error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                || error == ErrorCode.COORDINATOR_NOT_AVAILABLE
                || error == ErrorCode.NOT_COORDINATOR;
    }

    private JoinGroupResponse askToJoin() {
        JoinGroupRequest request = new JoinGroupRequest()
                .groupId(group)
                .memberId(memberId)
                .sessionTimeoutMs((int) SESSION.toMillis())
                .rebalanceTimeoutMs((int) REBALANCE_MAX.toMillis())
                .protocolType(ConsumerProtocol.TYPE);
        request.protocols()
                .add(new JoinGroupRequestProtocol()
                        .name(ConsumerProtocol.RANGE)
                        .metadata(ConsumerProtocol.subscription(topics)));
        return ask(JoinGroupRequest.KIND, request, JoinGroupResponse::read);
    }

    private SyncGroupResponse sync(JoinGroupResponse joined) {
        SyncGroupRequest request = new SyncGroupRequest()
                .groupId(group)
                .memberId(memberId)
                .generationId(generation)
                .protocolType(ConsumerProtocol.TYPE)
                .protocolName(joined.protocolName());
        if (joined.leader().equals(memberId)) {
            assign(joined).forEach((member, partitions) -> request.assignments()
                    .add(new SyncGroupRequestAssignment()
                            .memberId(member)
                            .assignment(ConsumerProtocol.assignment(partitions))));
        }
        return ask(SyncGroupRequest.KIND, request, SyncGroupResponse::read);
    }

    private Map<String, List<TopicPartition>> assign(JoinGroupResponse joined) {
        Map<String, List<String>> topicsByMember = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        joined.members().forEach(member -> {
            List<String> wanted = ConsumerProtocol.topics(member.metadata());
            topicsByMember.put(member.memberId(), wanted);
            wanted.forEach(topic -> cluster.find(topic)
                    .ifPresent(found -> counts.put(topic, found.partitions().size())));
        });
        return ConsumerProtocol.range(topicsByMember, counts);
    }

    /** Tells the group, from time to time, that this member lives; false if the group has to be joined again. */
    public boolean keep() {
        if (System.nanoTime() - beatenNs < HEARTBEAT_EVERY.toNanos()) {
            return true;
        }
        beatenNs = System.nanoTime();
        HeartbeatRequest request =
                new HeartbeatRequest().groupId(group).memberId(memberId).generationId(generation);
        short code =
                ask(HeartbeatRequest.KIND, request, HeartbeatResponse::read).errorCode();
        ErrorCode error = ErrorCode.of(code);
        if (hasToJoin(error)) {
            return false;
        }
        ClientException.check("group " + group, code, null);
        return true;
    }

    /** Says how far this member has read; false if the group did not take that, and has to be joined again. */
    public boolean commit(Map<TopicPartition, Long> positions) {
        if (positions.isEmpty()) {
            return true;
        }
        try {
            new GroupOffsets(cluster, group).commit(positions, generation, memberId);
            return true;
        } catch (ClientException refused) {
            if (!hasToJoin(refused.error())) {
                throw refused;
            }
            return false;
        }
    }

    private boolean hasToJoin(ErrorCode error) {
        if (error == ErrorCode.UNKNOWN_MEMBER_ID) {
            memberId = "";
        }
        return error == ErrorCode.REBALANCE_IN_PROGRESS
                || error == ErrorCode.UNKNOWN_MEMBER_ID
                || error == ErrorCode.ILLEGAL_GENERATION;
    }

    /** Gives the partitions to the others at once. */
    public void leave() {
        LeaveGroupRequest request = new LeaveGroupRequest().groupId(group);
        if (cluster.version(LeaveGroupRequest.KIND, LeaveGroupRequest.HIGHEST_VERSION) >= BATCHED_LEAVING) {
            request.members().add(new MemberIdentity().memberId(memberId));
        } else {
            request.memberId(memberId);
        }
        ask(LeaveGroupRequest.KIND, request, LeaveGroupResponse::read);
    }

    private <Q extends Message, R> R ask(RequestKind<Q> kind, Q request, Message.Decoder<R> decoder) {
        return cluster.askCoordinator(CoordinatorOf.GROUP, group, kind, kind.highest(), request, decoder);
    }
}
