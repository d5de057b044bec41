package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_PARTITIONS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_RECORDS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CLUSTER;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
import static org.apache.kafka.common.protocol.ApiKeys.ELECT_LEADERS;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INCREMENTAL_ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_PARTITION_REASSIGNMENTS;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.List;

/** What operators do besides making topics. */
final class AdminScripts {

    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int GROUP = 32;

    private AdminScripts() {}

    static List<Script> all() {
        return List.of(configs(), alteration(), partitions(), records(), cluster());
    }

    private static String describe(int type, String name, String keys) {
        return "{resources: [{resourceType: " + type + ", resourceName: '" + name + "', configurationKeys: " + keys
                + "}], includeSynonyms: true}";
    }

    private static Script configs() {
        return new Script("configs of topics")
                .needs(DESCRIBE_CONFIGS)
                .topic("cf", 1, Script.config("retention.ms", "777") + "," + Script.config("cleanup.policy", "compact"))
                .every(
                        "some",
                        DESCRIBE_CONFIGS,
                        describe(TOPIC, "cf", "['retention.ms', 'cleanup.policy', 'no.such', 'segment.ms']"))
                .newest("all", DESCRIBE_CONFIGS, describe(TOPIC, "cf", "null"))
                .newest("none", DESCRIBE_CONFIGS, describe(TOPIC, "cf", "[]"))
                .newest("of a topic that is not there", DESCRIBE_CONFIGS, describe(TOPIC, "none", "null"))
                .newest("of a name that cannot be", DESCRIBE_CONFIGS, describe(TOPIC, "a b", "null"))
                .newest(
                        "of the node",
                        DESCRIBE_CONFIGS,
                        describe(
                                BROKER,
                                "1",
                                "['log.retention.ms', 'log.retention.minutes', 'log.retention.hours', 'log.roll.ms', "
                                        + "'log.flush.interval.ms', 'num.partitions', 'message.max.bytes', "
                                        + "'compression.type', 'num.network.threads', 'max.connections', "
                                        + "'producer.id.expiration.ms']"))
                .newest("of all nodes", DESCRIBE_CONFIGS, describe(BROKER, "", "['log.retention.ms']"))
                .newest(
                        "of a group",
                        DESCRIBE_CONFIGS,
                        describe(GROUP, "gr", "['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms']"))
                .newest("of no group", DESCRIBE_CONFIGS, describe(GROUP, "", "null"))
                .newest("of another node", DESCRIBE_CONFIGS, describe(BROKER, "99", "['log.retention.ms']"))
                .newest("of no node", DESCRIBE_CONFIGS, describe(BROKER, "x", "['log.retention.ms']"))
                .newest("of a kind nobody knows", DESCRIBE_CONFIGS, describe(77, "x", "null"));
    }

    private static String set(int type, String name, String key, int operation, String value, boolean checks) {
        return "{validateOnly: " + checks + ", resources: [{resourceType: " + type + ", resourceName: '" + name
                + "', configs: [{name: '" + key + "', configOperation: " + operation + ", value: " + value + "}]}]}";
    }

    private static Script alteration() {
        var read = describe(TOPIC, "al", "['retention.ms', 'cleanup.policy', 'max.message.bytes']");
        var script = new Script("configs that change")
                .needs(DESCRIBE_CONFIGS, INCREMENTAL_ALTER_CONFIGS)
                .topic("al");
        var changes = new String[][] {
            {"retention.ms", "0", "'5000'"},
            {"retention.ms", "0", "'x'"},
            {"retention.ms", "0", "null"},
            {"retention.ms", "1", "null"},
            {"cleanup.policy", "2", "'compact'"},
            {"cleanup.policy", "2", "'compact'"},
            {"cleanup.policy", "3", "'delete'"},
            {"cleanup.policy", "3", "'delete'"},
            {"retention.ms", "2", "'5'"},
            {"no.such", "0", "'1'"},
            {"no.such", "1", "null"},
            {"max.message.bytes", "9", "'1'"},
            {"max.message.bytes", "0", "'0'"},
        };
        for (var change : changes) {
            script.every(
                            change[0] + " " + change[1] + " " + change[2],
                            INCREMENTAL_ALTER_CONFIGS,
                            set(TOPIC, "al", change[0], Integer.parseInt(change[1]), change[2], false))
                    .prepare("takes effect", DESCRIBE_CONFIGS, 4, read, all -> true)
                    .newest("is told after " + change[0] + " " + change[1] + " " + change[2], DESCRIBE_CONFIGS, read);
        }
        for (var change : new String[][] {
            {"log.retention.ms", "'5'"}, {"log.retention.ms", "'x'"}, {"no.such", "'1'"}, {"node.id", "'2'"}
        }) {
            var what = change[0] + " to " + change[1];
            script.newest(
                            what + " of all nodes",
                            INCREMENTAL_ALTER_CONFIGS,
                            set(BROKER, "", change[0], 0, change[1], true))
                    .newest(
                            what + " of the node",
                            INCREMENTAL_ALTER_CONFIGS,
                            set(BROKER, "1", change[0], 0, change[1], true));
        }
        for (var change : new String[][] {
            {"consumer.session.timeout.ms", "'50000'"},
            {"consumer.session.timeout.ms", "'1'"},
            {"consumer.session.timeout.ms", "'x'"},
            {"no.such", "'1'"}
        }) {
            script.newest(
                    change[0] + " to " + change[1] + " of a group",
                    INCREMENTAL_ALTER_CONFIGS,
                    set(GROUP, "gr", change[0], 0, change[1], true));
        }
        return script.newest("only checks", INCREMENTAL_ALTER_CONFIGS, set(TOPIC, "al", "retention.ms", 0, "'1'", true))
                .newest(
                        "only checks what cannot be",
                        INCREMENTAL_ALTER_CONFIGS,
                        set(TOPIC, "al", "retention.ms", 0, "'y'", true))
                .newest(
                        "of a topic that is not there",
                        INCREMENTAL_ALTER_CONFIGS,
                        set(TOPIC, "none", "retention.ms", 0, "'1'", false))
                .every(
                        "all at once, as it once was",
                        ALTER_CONFIGS,
                        "{resources: [{resourceType: 2, resourceName: 'al', configs: [{name: "
                                + "'retention.ms', value: '4'}]}], validateOnly: false}")
                .newest("is told in the end", DESCRIBE_CONFIGS, read)
                .every(
                        "what cannot be",
                        ALTER_CONFIGS,
                        "{resources: [{resourceType: 2, resourceName: 'al', configs: [{name: "
                                + "'retention.ms', value: 'z'}]}], validateOnly: false}");
    }

    private static Script partitions() {
        var script = new Script("partitions").needs(CREATE_PARTITIONS).topic("pt", 2, "");
        var cases = new String[][] {
            {"fewer", "{name: 'pt', count: 1, assignments: null}"},
            {"as many", "{name: 'pt', count: 2, assignments: null}"},
            {"none", "{name: 'pt', count: 0, assignments: null}"},
            {"below 0", "{name: 'pt', count: -1, assignments: null}"},
            {"of what is not there", "{name: 'none', count: 3, assignments: null}"},
            {"at another node", "{name: 'pt', count: 3, assignments: [{brokerIds: [9]}]}"},
            {
                "at more places than partitions",
                "{name: 'pt', count: 3, assignments: [{brokerIds: [1]}, {brokerIds: [1]}]}"
            },
            {"one more", "{name: 'pt', count: 3, assignments: [{brokerIds: [1]}]}"},
            {"one more for all versions", "{name: 'pt', count: 4, assignments: null}"},
        };
        for (var one : cases) {
            script.every(one[0], CREATE_PARTITIONS, "{timeoutMs: 5000, validateOnly: false, topics: [" + one[1] + "]}");
        }
        return script.newest(
                        "only checks",
                        CREATE_PARTITIONS,
                        "{timeoutMs: 5000, validateOnly: true, topics: [{name: 'pt', count: 9, assignments: null}]}")
                .newest(
                        "twice",
                        CREATE_PARTITIONS,
                        "{timeoutMs: 5000, topics: [{name: 'pt', count: 9, assignments: null}, {name: 'pt', count: 8, assignments: null}]}")
                .await("are there", METADATA, 12, "{topics: [{name: 'pt'}], allowAutoTopicCreation: false}", all -> "4"
                        .equals(all.get("topics[pt].partitions.size")));
    }

    private static Script records() {
        var script = new Script("deleted records")
                .needs(DELETE_RECORDS)
                .topic("dr")
                .topic("drc", 1, Script.config("cleanup.policy", "compact"));
        for (var i = 0; i < 3; i++) {
            script.newest("fill", PRODUCE, ProduceScripts.to("dr", 0, ProduceScripts.THREE));
        }
        for (var offset : new int[] {4, 2, 0, -2, 99, 9, -1}) {
            script.every("up to " + offset, DELETE_RECORDS, delete("dr", 0, offset))
                    .newest("is read after " + offset, FETCH, ReadScripts.fetch("dr", 0, 4, ""))
                    .newest(
                            "begins after " + offset,
                            LIST_OFFSETS,
                            "{replicaId: -1, topics: [{name: 'dr', partitions: [{partitionIndex: 0, timestamp: -2}]}]}");
        }
        return script.newest("of a partition that is not there", DELETE_RECORDS, delete("dr", 4, 0))
                .newest("of a topic that is not there", DELETE_RECORDS, delete("none", 0, 0))
                .newest("of one that is compacted", DELETE_RECORDS, delete("drc", 0, 0));
    }

    private static String delete(String topic, int partition, int offset) {
        return "{timeoutMs: 5000, topics: [{name: '" + topic + "', partitions: [{partitionIndex: " + partition
                + ", offset: " + offset + "}]}]}";
    }

    private static Script cluster() {
        return new Script("the cluster")
                .topic("cl", 2, "")
                .every("is described", DESCRIBE_CLUSTER, "{includeClusterAuthorizedOperations: true, endpointType: 1}")
                .newest("its controllers are asked for", DESCRIBE_CLUSTER, "{endpointType: 2}")
                .newest(
                        "topics with their partitions",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}, {name: 'none'}], responsePartitionLimit: 2000, cursor: null}")
                .newest(
                        "one partition at a time",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}], responsePartitionLimit: 1, cursor: null}")
                .newest(
                        "from the second on",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}], responsePartitionLimit: 5, cursor: {topicName: 'cl', partitionIndex: 1}}")
                .newest(
                        "a page that is full before what is not there",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}, {name: 'none'}], responsePartitionLimit: 2, cursor: null}")
                .newest(
                        "from a topic that is not asked for",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}], responsePartitionLimit: 5, cursor: {topicName: 'b', partitionIndex: 0}}")
                .newest(
                        "from a partition below 0",
                        DESCRIBE_TOPIC_PARTITIONS,
                        "{topics: [{name: 'cl'}], responsePartitionLimit: 5, cursor: {topicName: 'cl', partitionIndex: -1}}")
                .every(
                        "leaders are elected",
                        ELECT_LEADERS,
                        "{electionType: 0, timeoutMs: 5000, topicPartitions: [{topic: 'cl', partitions: [0, 7]}]}")
                .newest(
                        "nothing moves",
                        LIST_PARTITION_REASSIGNMENTS,
                        "{timeoutMs: 5000, topics: [{name: 'cl', partitionIndexes: [0]}]}");
    }
}
