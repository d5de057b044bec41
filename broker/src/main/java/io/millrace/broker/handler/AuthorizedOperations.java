package io.millrace.broker.handler;

import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Surroundings;
import java.util.EnumSet;
import java.util.Set;

/** What a caller may do with something, as a set of bits (KIP-430). */
final class AuthorizedOperations {

    private static final Set<Operation> OF_TOPIC = EnumSet.of(
            Operation.READ,
            Operation.WRITE,
            Operation.CREATE,
            Operation.DELETE,
            Operation.ALTER,
            Operation.DESCRIBE,
            Operation.DESCRIBE_CONFIGS,
            Operation.ALTER_CONFIGS);
    private static final Set<Operation> OF_CLUSTER = EnumSet.of(
            Operation.CREATE,
            Operation.ALTER,
            Operation.DESCRIBE,
            Operation.CLUSTER_ACTION,
            Operation.DESCRIBE_CONFIGS,
            Operation.ALTER_CONFIGS,
            Operation.IDEMPOTENT_WRITE);
    private static final Set<Operation> OF_GROUP = EnumSet.of(
            Operation.READ, Operation.DELETE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS);
    private static final Set<Operation> OF_TRANSACTIONAL_ID = EnumSet.of(Operation.WRITE, Operation.DESCRIBE);

    private AuthorizedOperations() {}

    static int of(Surroundings around, Call call, Resource resource, String name) {
        int bits = 0;
        for (Operation operation : possible(resource)) {
            if (around.allows(call, operation, resource, name)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }

    private static Set<Operation> possible(Resource resource) {
        return switch (resource) {
            case TOPIC -> OF_TOPIC;
            case CLUSTER -> OF_CLUSTER;
            case GROUP -> OF_GROUP;
            case TRANSACTIONAL_ID -> OF_TRANSACTIONAL_ID;
        };
    }
}
