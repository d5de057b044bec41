package io.millrace.broker.handler;

import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.ConfigCatalog;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that has a configuration.
 *
 * @param type with Kafka's number
 * @param name a topic, a node's number, a group
 */
record ConfigResource(Type type, String name) {

    /** Kafka's types of resources with configurations. */
    enum Type {
        TOPIC(2),
        BROKER(4),
        BROKER_LOGGER(8),
        CLIENT_METRICS(16),
        GROUP(32);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Optional<Type> of(byte code) {
            return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
        }
    }

    /** @throws LogException INVALID_REQUEST if there is no such type */
    static ConfigResource of(byte type, String name) {
        return Type.of(type)
                .map(known -> new ConfigResource(known, name))
                .orElseThrow(() -> new LogException(ErrorCode.INVALID_REQUEST, "Unknown resource type " + type));
    }

    /** @throws LogException with the code of a caller who may not do this */
    void authorize(Surroundings around, Call call, Operation operation) {
        switch (type) {
            case TOPIC ->
                require(around.allows(call, operation, Resource.TOPIC, name), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            case GROUP ->
                require(around.allows(call, operation, Resource.GROUP, name), ErrorCode.GROUP_AUTHORIZATION_FAILED);
            case BROKER, BROKER_LOGGER, CLIENT_METRICS ->
                require(
                        around.allows(call, operation, Resource.CLUSTER, Authorizer.CLUSTER_NAME),
                        ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
    }

    private static void require(boolean allowed, ErrorCode otherwise) {
        if (!allowed) {
            throw new LogException(otherwise, otherwise.meaning());
        }
    }

    /** @throws LogException INVALID_REQUEST if it is another node than this one */
    void requireThisNode(Surroundings around) {
        String here = Integer.toString(around.cluster().nodeId());
        if (!name.equals(here)) {
            throw new LogException(
                    ErrorCode.INVALID_REQUEST, "Unexpected broker id, expected " + here + ", but received " + name);
        }
    }

    /** @throws LogException INVALID_REQUEST if it has no name */
    void requireName(String what) {
        if (name.isEmpty()) {
            throw new LogException(ErrorCode.INVALID_REQUEST, what + " name must not be empty");
        }
    }

    /** Every value at this moment, as this caller sees them. */
    static ConfigCatalog catalog(Surroundings around, Call call) {
        Map<String, String> more = new HashMap<>();
        more.put("log.dirs", around.door().admin().location());
        more.put("listeners", call.listener().toString());
        more.put("advertised.listeners", call.listener().toString());
        return new ConfigCatalog(
                around.door().admin().config(),
                around.config(),
                around.door().admin().settings(),
                more);
    }
}
