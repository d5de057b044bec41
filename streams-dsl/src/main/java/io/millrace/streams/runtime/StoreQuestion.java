package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question about the committed state of a lane's shards, answered on the lane at a frame boundary.
 *
 * @param read what to look at; on the lane, must be quick
 * @param answer what it found
 */
record StoreQuestion(Function<Map<Integer, ShardKeeper>, @Nullable Object> read, Pending<Object> answer) {

    void answer(Map<Integer, ShardKeeper> shards) {
        try {
            answer.succeed(read.apply(shards));
        } catch (RuntimeException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    void refuse(String why) {
        answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
    }
}
