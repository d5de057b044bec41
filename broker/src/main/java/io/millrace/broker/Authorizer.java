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
        READ(3),
        WRITE(4),
        CREATE(5),
        DELETE(6),
        ALTER(7),
        DESCRIBE(8),
        CLUSTER_ACTION(9),
        DESCRIBE_CONFIGS(10),
        ALTER_CONFIGS(11),
        IDEMPOTENT_WRITE(12);

        private final int code;

        Operation(int code) {
            this.code = code;
        }

        /** Kafka's number of it, which is also its bit in a set of authorized operations (KIP-430). */
        public int code() {
            return code;
        }
    }

    /** The name of the one resource of type {@link Resource#CLUSTER}. */
    String CLUSTER_NAME = "kafka-cluster";

    /** Everybody may do everything: for listeners that only this machine reaches. */
    Authorizer EVERYBODY = (principal, operation, resource, name) -> true;

    boolean allows(Principal principal, Operation operation, Resource resource, String name);
}
