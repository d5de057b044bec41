package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.store.ShardState;
import java.util.Map;
import java.util.function.Function;

/** What users ask of a running job, from any thread. */
sealed interface JobCommand {

    /** The job will never do this: answers so. */
    default void refuse(String why) {}

    /** The job has done it. */
    default void succeed() {}

    record Start() implements JobCommand {}

    record Stop() implements JobCommand {}

    /** Waiting for the end took too long: whatever is under way is given up, and the job has failed. */
    record GiveUp(String why) implements JobCommand {}

    /**
     * An agent of the job broke and will not be stepped again.
     *
     * @param lane that it was, -1 for the store agent
     */
    record AgentStopped(int lane, String why) implements JobCommand {}

    /** End the epoch; answered when it is committed. */
    record Commit(Pending<Void> answer) implements JobCommand {

        @Override
        public void succeed() {
            answer.succeed(null);
        }

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** Answered when everything in the inputs has been read and committed. */
    record AwaitDrained(Pending<Void> answer) implements JobCommand {

        @Override
        public void succeed() {
            answer.succeed(null);
        }

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** A question about committed state. */
    sealed interface Question extends JobCommand {

        /** Records whose effects the answer must show: offset by input partition. The question waits for them. */
        Map<TopicPartition, Long> seeing();
    }

    /**
     * The committed value of a key.
     *
     * @param windowStartMs of the window asked for; of no meaning for a store without windows
     * @param answer the value, null if there is none
     */
    record Query(String store, Object key, long windowStartMs, Map<TopicPartition, Long> seeing, Pending<Object> answer)
            implements Question {

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** A look at the state of one shard, on its lane, between two frames. */
    record Look(int shard, Function<ShardState, Object> read, Pending<Object> answer) implements JobCommand {

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** All committed state at one epoch. */
    record View(Map<TopicPartition, Long> seeing, Pending<JobView> answer) implements Question {

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }
}
