package io.millrace.broker.net;

import io.millrace.broker.Api;
import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Cluster;
import io.millrace.broker.NetworkLimits;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.RequestCounters;
import io.millrace.broker.Surroundings;
import io.millrace.broker.handler.Apis;
import io.millrace.kernel.Signal;
import io.millrace.node.LogNode;
import io.millrace.node.NodeDoor;
import java.util.Map;
import java.util.UUID;

/**
 * The node behind the listeners. Immutable, for any thread.
 *
 * @param log which is opened and closed by whoever owns it
 * @param authorizer asked before anything is done
 * @param config of the broker
 * @param budget memory of requests, of all listeners together
 * @param connections of all listeners together
 * @param counters of what is asked
 */
record BrokerNode(
        LogNode log,
        Authorizer authorizer,
        BrokerConfig config,
        RequestBudget budget,
        ConnectionLimits connections,
        RequestCounters counters) {

    private static final int HEAP_SHARE = 4;

    static BrokerNode of(LogNode log, Authorizer authorizer, BrokerConfig config, RequestCounters counters) {
        long configured = config.network().queuedRequestBytesMax();
        long bytesMax = configured == NetworkLimits.QUARTER_OF_HEAP
                ? Runtime.getRuntime().maxMemory() / HEAP_SHARE
                : configured;
        return new BrokerNode(
                log, authorizer, config, new RequestBudget(bytesMax), new ConnectionLimits(config.network()), counters);
    }

    /** A door for one event loop. */
    NodeDoor openDoor(Signal signal) {
        return log.newDoor(signal);
    }

    /** The handlers of one event loop. */
    Map<Short, Api<?>> apis(NodeDoor door, PartitionWatches watches) {
        long seed = UUID.randomUUID().getLeastSignificantBits();
        return counters.count(Apis.of(new Surroundings(
                door,
                new Cluster(log.clusterId(), log.nodeId()),
                authorizer,
                config,
                watches,
                counters.traffic(),
                seed)));
    }
}
