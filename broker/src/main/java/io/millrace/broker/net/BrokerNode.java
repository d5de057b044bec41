package io.millrace.broker.net;

import io.millrace.broker.Api;
import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Cluster;
import io.millrace.broker.Surroundings;
import io.millrace.broker.handler.Apis;
import io.millrace.kernel.Signal;
import io.millrace.node.LogNode;
import io.millrace.node.NodeDoor;
import java.util.Map;

/**
 * The node behind the listeners. Immutable, for any thread.
 *
 * @param log which is opened and closed by whoever owns it
 * @param authorizer asked before anything is done
 * @param config of the broker
 */
record BrokerNode(LogNode log, Authorizer authorizer, BrokerConfig config) {

    /** A door for one event loop. */
    NodeDoor openDoor(Signal signal) {
        return log.newDoor(signal);
    }

    /** The handlers of one event loop. */
    Map<Short, Api<?>> apis(NodeDoor door) {
        return Apis.of(new Surroundings(door, new Cluster(log.clusterId(), log.nodeId()), authorizer, config));
    }
}
