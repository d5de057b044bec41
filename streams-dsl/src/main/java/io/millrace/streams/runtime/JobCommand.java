package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.store.ShardState;
import java.util.function.Function;

/** What users ask of a running job, from any thread. */
sealed interface JobCommand {

    /** The job will never do this: answers so. */
    default void refuse(String why) {}

    /** The job has done it. */
    default void succeed() {}

    record Start() implements JobCommand {}

    record Stop() implements JobCommand {}

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

    /**
     * The committed value of a key.
     *
     * @param windowStartMs of the window asked for; of no meaning for a store without windows
     * @param answer the value, null if there is none
     */
    record Query(String store, Object key, long windowStartMs, Pending<Object> answer) implements JobCommand {

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
    record View(Pending<JobView> answer) implements JobCommand {

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }
}
