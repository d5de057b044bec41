package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.CREATE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;

import java.util.List;

/** Making, describing and deleting topics. */
final class TopicScripts {

    private static final String LONGEST = "n".repeat(249);

    private TopicScripts() {}

    static List<Script> all() {
        return List.of(
                creation(), names(), counts(), assignments(), configs(), metadata(), automatic(), deletion(), again());
    }

    private static String create(String... topics) {
        return "{timeoutMs: 10000, topics: [" + String.join(", ", topics) + "]}";
    }

    private static String topic(String name, int partitions, int replicas, String more) {
        return "{name: '" + name + "', numPartitions: " + partitions + ", replicationFactor: " + replicas
                + (more.isEmpty() ? "" : ", " + more) + "}";
    }

    private static Script creation() {
        var script = new Script("creation");
        for (var version = 2; version <= 7; version++) {
            script.call("makes one", CREATE_TOPICS, version, create(topic("c" + version, 2, 1, "")))
                    .call("makes it again", CREATE_TOPICS, version, create(topic("c" + version, 2, 1, "")))
                    .call(
                            "names one twice",
                            CREATE_TOPICS,
                            version,
                            create(
                                    topic("d" + version, 1, 1, ""),
                                    topic("d" + version, 2, 1, ""),
                                    topic("e" + version, 1, 1, "")))
                    .call(
                            "only checks",
                            CREATE_TOPICS,
                            version,
                            "{validateOnly: true, timeoutMs: 10000, topics: [" + topic("f" + version, 3, 1, "") + ","
                                    + topic("c" + version, 3, 1, "") + "]}")
                    .call(
                            "what is only checked is not there",
                            METADATA,
                            12,
                            "{topics: [{name: 'f" + version + "'}], allowAutoTopicCreation: false}");
        }
        return script.newest("makes none", CREATE_TOPICS, create());
    }

    private static Script names() {
        var script = new Script("names");
        for (var name : List.of("", ".", "..", "a/b", "with space", "ü", "a:b", "n".repeat(250), LONGEST, "ok-._9")) {
            var word = name.length() > 20 ? name.length() + " letters" : "'" + name + "'";
            script.newest("makes " + word, CREATE_TOPICS, create(topic(name, 1, 1, "")))
                    .newest(
                            "asks for " + word,
                            METADATA,
                            "{topics: [{name: '" + name + "'}], allowAutoTopicCreation: false}");
        }
        return script.newest("makes a.b", CREATE_TOPICS, create(topic("a.b", 1, 1, "")))
                .newest("makes a_b, whose metrics would collide", CREATE_TOPICS, create(topic("a_b", 1, 1, "")))
                .newest("makes a topic of the node's own", CREATE_TOPICS, create(topic("__consumer_offsets", 1, 1, "")))
                .newest(
                        "makes two that collide",
                        CREATE_TOPICS,
                        create(topic("x.y", 1, 1, ""), topic("x_y", 1, 1, "")));
    }

    private static Script counts() {
        var script = new Script("counts");
        for (var partitions : new int[] {0, -1, -2, 1}) {
            for (var replicas : new int[] {0, -1, -2, 1, 2}) {
                script.newest(
                        partitions + " partitions in " + replicas + " replicas",
                        CREATE_TOPICS,
                        create(topic("n" + (partitions + 2) + (replicas + 2), partitions, replicas, "")));
            }
        }
        return script.call(
                "the node's number, before that had a meaning", CREATE_TOPICS, 3, create(topic("early", -1, -1, "")));
    }

    private static Script assignments() {
        var bodies = new String[][] {
            {"two to this node", "[{partitionIndex: 0, brokerIds: [1]}, {partitionIndex: 1, brokerIds: [1]}]"},
            {"a hole", "[{partitionIndex: 0, brokerIds: [1]}, {partitionIndex: 2, brokerIds: [1]}]"},
            {"not from 0", "[{partitionIndex: 1, brokerIds: [1]}]"},
            {"another node", "[{partitionIndex: 0, brokerIds: [9]}]"},
            {"one node twice", "[{partitionIndex: 0, brokerIds: [1, 1]}]"},
            {"no node", "[{partitionIndex: 0, brokerIds: []}]"},
            {"two numbers of nodes", "[{partitionIndex: 0, brokerIds: [1]}, {partitionIndex: 1, brokerIds: [1, 2]}]"},
            {"one partition twice", "[{partitionIndex: 0, brokerIds: [1]}, {partitionIndex: 0, brokerIds: [1]}]"},
        };
        var script = new Script("assignments");
        for (var i = 0; i < bodies.length; i++) {
            script.newest(bodies[i][0], CREATE_TOPICS, create(topic("a" + i, -1, -1, "assignments: " + bodies[i][1])));
        }
        return script.newest("and a number", CREATE_TOPICS, create(topic("both", 2, 1, "assignments: " + bodies[0][1])))
                .newest("and replicas", CREATE_TOPICS, create(topic("bothr", -1, 1, "assignments: " + bodies[0][1])));
    }

    private static Script configs() {
        var script = new Script("configs");
        var cases = new String[][] {
            {"retention.ms", "1000"},
            {"retention.ms", "-1"},
            {"retention.ms", "-2"},
            {"retention.ms", "x"},
            {"cleanup.policy", "compact"},
            {"cleanup.policy", "compact,delete"},
            {"cleanup.policy", "shred"},
            {"cleanup.policy", ""},
            {"max.message.bytes", "-1"},
            {"max.message.bytes", "2000000"},
            {"segment.bytes", "13"},
            {"segment.bytes", "1048576"},
            {"segment.ms", "0"},
            {"min.cleanable.dirty.ratio", "0.1"},
            {"min.cleanable.dirty.ratio", "1.1"},
            {"compression.type", "zstd"},
            {"compression.type", "rar"},
            {"message.timestamp.type", "LogAppendTime"},
            {"message.timestamp.type", "Never"},
            {"min.insync.replicas", "0"},
            {"min.insync.replicas", "1"},
            {"no.such.key", "1"},
            {"", "1"},
            {"delete.retention.ms", "99999999999999999999"},
            {"unclean.leader.election.enable", "maybe"},
            {"unclean.leader.election.enable", "true"},
            {"max.compaction.lag.ms", "0"},
            {"message.timestamp.after.max.ms", "-1"},
            {"file.delete.delay.ms", "5"},
            {"retention.bytes", "-5"},
            {"index.interval.bytes", "-1"},
            {"durability", "os"},
        };
        for (var one : cases) {
            var name = "g" + Math.abs((one[0] + one[1]).hashCode());
            script.call(
                    one[0] + "=" + one[1],
                    CREATE_TOPICS,
                    6,
                    create(topic(name, 1, 1, "configs: [" + Script.config(one[0], one[1]) + "]")));
        }
        return script.call(
                        "a value that is null",
                        CREATE_TOPICS,
                        6,
                        create(topic("null-value", 1, 1, "configs: [{name: 'retention.ms', value: null}]")))
                .call(
                        "the lags of compaction the wrong way round",
                        CREATE_TOPICS,
                        6,
                        create(topic(
                                "lags",
                                1,
                                1,
                                "configs: [" + Script.config("min.compaction.lag.ms", "10") + ","
                                        + Script.config("max.compaction.lag.ms", "5") + "]")));
    }

    private static Script metadata() {
        return new Script("metadata")
                .topic("m1", 3, "")
                .topic("m2", 1, Script.config("cleanup.policy", "compact"))
                .every("two topics", METADATA, "{topics: [{name: 'm1'}, {name: 'm2'}], allowAutoTopicCreation: false}")
                .every(
                        "one topic twice",
                        METADATA,
                        "{topics: [{name: 'm1'}, {name: 'm1'}], allowAutoTopicCreation: false}")
                .call("one that is not there", METADATA, 5, "{topics: [{name: 'none'}], allowAutoTopicCreation: false}")
                .newest("one that is not there", METADATA, "{topics: [{name: 'none'}], allowAutoTopicCreation: false}")
                .newest("no topics", METADATA, "{topics: [], allowAutoTopicCreation: false}")
                .newest(
                        "what may be done",
                        METADATA,
                        "{topics: [{name: 'm1'}], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true}")
                .call(
                        "what may be done in the cluster",
                        METADATA,
                        10,
                        "{topics: [{name: 'm1'}], allowAutoTopicCreation: false, includeClusterAuthorizedOperations: true}")
                .newest(
                        "by id",
                        METADATA,
                        "{topics: [{name: null, topicId: '${id-m1}'}], allowAutoTopicCreation: false}")
                .call(
                        "by id, in the version before names went",
                        METADATA,
                        12,
                        "{topics: [{name: null, topicId: '${id-m1}'}], allowAutoTopicCreation: false}")
                .call(
                        "by id, too early",
                        METADATA,
                        10,
                        "{topics: [{name: 'm1', topicId: '${id-m1}'}], allowAutoTopicCreation: false}")
                .newest(
                        "by id and name",
                        METADATA,
                        "{topics: [{name: 'm1', topicId: '${id-m1}'}], allowAutoTopicCreation: false}")
                .newest(
                        "by an id that is nobody's",
                        METADATA,
                        "{topics: [{name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAXw'}], allowAutoTopicCreation: false}")
                .newest("by neither", METADATA, "{topics: [{name: null}], allowAutoTopicCreation: false}")
                .newest(
                        "by one id twice, a name and an id that is nobody's",
                        METADATA,
                        "{topics: [{name: null, topicId: '${id-m1}'}, {name: 'm2'}, {name: null, topicId: '${id-m1}'}, "
                                + "{name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAXw'}], allowAutoTopicCreation: true}")
                .newest(
                        "what may be done with one that is not there",
                        METADATA,
                        "{topics: [{name: 'none'}], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true}");
    }

    private static Script automatic() {
        var script = new Script("automatic creation");
        for (var version : new int[] {1, 3, 4, 9, 12}) {
            var asked = "{topics: [{name: 'auto" + version + "'}], allowAutoTopicCreation: true}";
            script.await(
                    "is there in the end",
                    METADATA,
                    version,
                    asked,
                    all -> "0 NONE".equals(all.get("topics[auto" + version + "].errorCode"))
                            && "0 NONE".equals(all.get("topics[auto" + version + "].partitions[0].errorCode")));
        }
        return script.newest(
                        "of a name that cannot be", METADATA, "{topics: [{name: 'a b'}], allowAutoTopicCreation: true}")
                .newest("of a name that is empty", METADATA, "{topics: [{name: ''}], allowAutoTopicCreation: true}");
    }

    private static Script deletion() {
        var script = new Script("deletion");
        for (var version = 1; version <= 6; version++) {
            var name = "del" + version;
            var gone = "none" + version;
            script.topic(name)
                    .call(
                            "one of two is there",
                            DELETE_TOPICS,
                            version,
                            "{timeoutMs: 10000, topicNames: ['" + name + "', '" + gone + "'], topics: [{name: '" + name
                                    + "'}, {name: '" + gone + "'}]}")
                    .await(
                            "it is gone",
                            METADATA,
                            9,
                            "{topics: [{name: '" + name + "'}], allowAutoTopicCreation: false}",
                            all -> "3 UNKNOWN_TOPIC_OR_PARTITION".equals(all.get("topics[" + name + "].errorCode")));
        }
        return script.topic("by-id")
                .topic("twice")
                .topic("both")
                .newest("by id", DELETE_TOPICS, "{timeoutMs: 10000, topics: [{name: null, topicId: '${id-by-id}'}]}")
                .newest(
                        "by id again",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: null, topicId: '${id-by-id}'}]}")
                .newest(
                        "by name twice",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: 'twice'}, {name: 'twice'}]}")
                .newest(
                        "by id and name",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: 'both', topicId: '${id-both}'}]}")
                .newest(
                        "by the id and by the name",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: 'both'}, {name: null, topicId: '${id-both}'}]}")
                .newest(
                        "by one id twice",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: null, topicId: '${id-both}'}, {name: null, topicId: '${id-both}'}]}")
                .newest(
                        "by one id twice and by the name",
                        DELETE_TOPICS,
                        "{timeoutMs: 10000, topics: [{name: null, topicId: '${id-both}'}, "
                                + "{name: null, topicId: '${id-both}'}, {name: 'both'}]}")
                .newest("by an empty name", DELETE_TOPICS, "{timeoutMs: 10000, topics: [{name: ''}]}")
                .newest("by neither", DELETE_TOPICS, "{timeoutMs: 10000, topics: [{name: null}]}")
                .newest("none", DELETE_TOPICS, "{timeoutMs: 10000, topics: []}");
    }

    private static Script again() {
        var fetch =
                "{replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1000, sessionEpoch: -1, topics: [{topic: 're', "
                        + "topicId: '${old}', partitions: [{partition: 0, fetchOffset: 0, partitionMaxBytes: 1000}]}]}";
        return new Script("made again")
                .topic("re")
                .keep("old", "topics[re].topicId")
                .call("goes", DELETE_TOPICS, 5, "{timeoutMs: 10000, topicNames: ['re']}")
                .prepare(
                        "is gone",
                        METADATA,
                        9,
                        "{topics: [{name: 're'}], allowAutoTopicCreation: false}",
                        all -> "3 UNKNOWN_TOPIC_OR_PARTITION".equals(all.get("topics[re].errorCode")))
                .newest("what is gone is read by its id", FETCH, fetch)
                .call("what is gone is read by its name", FETCH, 12, fetch)
                .topic("re")
                .newest("what was there before is read by its id", FETCH, fetch)
                .newest(
                        "it is empty",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 're', partitions: [{partitionIndex: 0, timestamp: -1}]}]}")
                .newest(
                        "its old id is nobody's",
                        METADATA,
                        "{topics: [{name: null, topicId: '${old}'}], allowAutoTopicCreation: false}");
    }
}
