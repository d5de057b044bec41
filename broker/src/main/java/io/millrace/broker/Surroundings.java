package io.millrace.broker;

import io.millrace.node.NodeDoor;

/**
 * What the handlers of one event loop share.
 *
 * @param door of that loop
 * @param cluster which never changes while there is one node
 * @param authorizer asked before anything is done
 * @param config of the broker
 */
public record Surroundings(NodeDoor door, Cluster cluster, Authorizer authorizer, BrokerConfig config) {

    public boolean allows(Call call, Authorizer.Operation operation, Authorizer.Resource resource, String name) {
        return authorizer.allows(call.principal(), operation, resource, name);
    }
}
