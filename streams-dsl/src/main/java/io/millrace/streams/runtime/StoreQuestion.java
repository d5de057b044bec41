package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.Map;
import java.util.function.Function;

/**
 * A question about the committed state of one shard, answered on its lane.
 *
 * @param shard that is asked
 * @param read what to do with the shard's state; on the lane, must be quick
 * @param answer what it found
 */
record StoreQuestion(int shard, Function<ShardKeeper, Object> read, Pending<Object> answer) {

    void answer(Map<Integer, ShardKeeper> shards) {
        ShardKeeper keeper = shards.get(shard);
        if (keeper == null) {
            refuse("the job has no shard " + shard);
            return;
        }
        try {
            answer.succeed(read.apply(keeper));
        } catch (RuntimeException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    void refuse(String why) {
        answer.fail(ErrorCode.UNKNOWN_SERVER_ERROR, why);
    }
}
