package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;

/** What users ask of a running job, from any thread. */
sealed interface JobCommand {

    /** The job will never do this: answers so. */
    default void refuse(String why) {}

    record Start() implements JobCommand {}

    record Stop() implements JobCommand {}

    /** End the epoch; answered when it is committed. */
    record Commit(Pending<Void> answer) implements JobCommand {

        void succeed() {
            answer.succeed(null);
        }

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** Answered when everything in the inputs has been read and committed. */
    record AwaitDrained(Pending<Void> answer) implements JobCommand {

        void succeed() {
            answer.succeed(null);
        }

        @Override
        public void refuse(String why) {
            answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
        }
    }

    /** A question to the lane that owns a shard. */
    record Query(StoreQuestion question) implements JobCommand {

        @Override
        public void refuse(String why) {
            question.refuse(why);
        }
    }
}
