package io.millrace.broker;

import io.millrace.node.NodeDoor;

/**
 * What the handlers of one event loop share.
 *
 * @param door of that loop
 * @param cluster which never changes while there is one node
 * @param authorizer asked before anything is done
 * @param config of the broker
 * @param watches who waits for which partition
 * @param traffic counts what is written and read
 * @param seed of what is drawn by chance, another one for each loop and each life of the node
 */
public record Surroundings(
        NodeDoor door,
        Cluster cluster,
        Authorizer authorizer,
        BrokerConfig config,
        PartitionWatches watches,
        Traffic traffic,
        long seed) {

    public boolean allows(Call call, Authorizer.Operation operation, Authorizer.Resource resource, String name) {
        return authorizer.allows(call.principal(), operation, resource, name);
    }

    /** Whether the caller may make a topic of this name: in the cluster, or this one. */
    public boolean allowsCreation(Call call, String topic) {
        return allows(call, Authorizer.Operation.CREATE, Authorizer.Resource.CLUSTER, Authorizer.CLUSTER_NAME)
                || allows(call, Authorizer.Operation.CREATE, Authorizer.Resource.TOPIC, topic);
    }
}
