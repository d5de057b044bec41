package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.assign.Partitions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a group coordinator answers. True only once the records of its {@link Decision} are there. */
public sealed interface GroupReply {

    record Done() implements GroupReply {}

    record Refused(ErrorCode error, String message) implements GroupReply {}

    /** What became of each partition's position, in order. */
    record PerPartition(Map<TopicPartition, ErrorCode> errors) implements GroupReply {}

    /**
     * To JoinGroup.
     *
     * @param error NONE if it is in; with MEMBER_ID_REQUIRED, {@code member} is to be used the next time
     * @param member its id, empty if it must ask for a new one
     * @param generation it belongs to, -1 if it is not in
     * @param leader member id of who assigns, empty if it is not in
     * @param assignmentSkipped whether the leader must not assign
     * @param members what everybody said for the protocol: for the leader alone
     */
    record Joined(
            ErrorCode error,
            String member,
            int generation,
            @Nullable String protocolType,
            @Nullable String protocol,
            String leader,
            boolean assignmentSkipped,
            List<JoinedMember> members)
            implements GroupReply {

        public Joined {
            members = List.copyOf(members);
        }

        static Joined refused(ErrorCode error, String member) {
            return new Joined(error, member, -1, null, null, "", false, List.of());
        }
    }

    /** What the leader is told of a member. */
    record JoinedMember(String id, @Nullable String instance, byte[] metadata) {}

    /** To SyncGroup. The assignment is empty unless the error is NONE. */
    record Synced(
            ErrorCode error,
            @Nullable String protocolType,
            @Nullable String protocol,
            byte[] assignment) implements GroupReply {

        static Synced refused(ErrorCode error) {
            return new Synced(error, null, null, new byte[0]);
        }
    }

    /** To LeaveGroup, in the order of the request. */
    record Left(List<LeftMember> members) implements GroupReply {

        public Left {
            members = List.copyOf(members);
        }
    }

    /**
     * To ConsumerGroupHeartbeat.
     *
     * @param message what is wrong, null with NONE
     * @param member its id, empty with an error
     * @param epoch at which it is now
     * @param intervalMs after which it is to send again
     * @param assignment all it has or may take; null if nothing has changed
     */
    record Beat(
            ErrorCode error,
            @Nullable String message,
            String member,
            int epoch,
            int intervalMs,
            @Nullable Partitions assignment)
            implements GroupReply {

        static Beat refused(ErrorCode error, String message) {
            return new Beat(error, message, "", 0, 0, null);
        }
    }

    /** As the request named it, and what became of it. */
    record LeftMember(String member, @Nullable String instance, ErrorCode error) {}
}
