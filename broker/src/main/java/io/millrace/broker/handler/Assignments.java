package io.millrace.broker.handler;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import java.util.Arrays;

/** Which nodes keep a partition, as a client wants it. There is one node, so there is one right answer. Pure. */
final class Assignments {

    /** How many replicas a partition has. */
    static final short REPLICAS = 1;

    private Assignments() {}

    /** @throws LogException INVALID_REPLICA_ASSIGNMENT unless it is this node alone */
    static void check(int[] nodes, int thisNode) {
        String list = Arrays.toString(nodes);
        if (nodes.length == 0) {
            throw refused("The manual partition assignment includes an empty replica list.");
        }
        int[] sorted = nodes.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw refused("The manual partition assignment includes the broker " + sorted[i] + " more than once.");
            }
            if (sorted[i] != thisNode) {
                throw refused("The manual partition assignment " + list + " includes broker " + sorted[i]
                        + ", but no such broker is registered; there is broker " + thisNode + ".");
            }
        }
    }

    private static LogException refused(String message) {
        return new LogException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
