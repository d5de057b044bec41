package io.millrace.broker;

/** Decides what a principal may do. Asked by every handler before it does anything; called on event loops
 * and, for topics that a regular expression may stand for, by the node: any thread, and it must not block. */
@FunctionalInterface
public interface Authorizer {

    /** Kafka's resource types. */
    enum Resource {
        TOPIC,
        GROUP,
        CLUSTER,
        TRANSACTIONAL_ID
    }

    /** Kafka's operations. */
    enum Operation {
        READ,
        WRITE,
        CREATE,
        DELETE,
        ALTER,
        DESCRIBE,
        CLUSTER_ACTION,
        DESCRIBE_CONFIGS,
        ALTER_CONFIGS,
        IDEMPOTENT_WRITE
    }

    /** The name of the one resource of type {@link Resource#CLUSTER}. */
    String CLUSTER_NAME = "kafka-cluster";

    /** Everybody may do everything: for listeners that only this machine reaches. */
    Authorizer EVERYBODY = (principal, operation, resource, name) -> true;

    boolean allows(Principal principal, Operation operation, Resource resource, String name);
}
