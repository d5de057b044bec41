package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FOR_LEADER_EPOCH;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.List;

/** Finding offsets and reading from them. */
final class ReadScripts {

    private ReadScripts() {}

    static List<Script> all() {
        return List.of(offsets(), fetches(), bounds(), epochs());
    }

    private static String find(String topic, int partition, String timestamp, int epoch, int isolation) {
        return "{replicaId: -1, isolationLevel: " + isolation + ", timeoutMs: 1000, topics: [{name: '" + topic
                + "', partitions: [{partitionIndex: " + partition + ", currentLeaderEpoch: " + epoch + ", timestamp: '"
                + timestamp
                + "'}]}]}";
    }

    private static Script offsets() {
        var script = new Script("offsets").topic("o1").topic("empty");
        for (var special = -1; special >= -7; special--) {
            script.every("of an empty one at " + special, LIST_OFFSETS, find("empty", 0, "" + special, -1, 0));
        }
        script.every("of an empty one by time", LIST_OFFSETS, find("empty", 0, "0", -1, 0))
                .newest("three", PRODUCE, ProduceScripts.to("o1", 0, ProduceScripts.THREE))
                .newest(
                        "two earlier",
                        PRODUCE,
                        ProduceScripts.to(
                                "o1", 0, "codec: 'gzip', batch: [['d','4','${now-100}'], ['e','5','${now+3}']]"))
                .newest(
                        "two with one time",
                        PRODUCE,
                        ProduceScripts.to("o1", 0, "batch: [['f','6','${now+50}'], ['g','7','${now+50}']]"));
        for (var special = -1; special >= -7; special--) {
            script.every("at " + special, LIST_OFFSETS, find("o1", 0, "" + special, -1, 0))
                    .newest("committed at " + special, LIST_OFFSETS, find("o1", 0, "" + special, -1, 1));
        }
        for (var when : List.of(
                "0",
                "${now-101}",
                "${now-100}",
                "${now-99}",
                "${now}",
                "${now+1}",
                "${now+5}",
                "${now+6}",
                "${now+10}",
                "${now+11}",
                "${now+50}",
                "${now+51}",
                "9223372036854775807")) {
            script.every(
                    "by time " + when.replace("${", "").replace("}", ""), LIST_OFFSETS, find("o1", 0, when, -1, 0));
        }
        return script.newest("of a topic that is not there", LIST_OFFSETS, find("none", 0, "-1", -1, 0))
                .newest("of a partition that is not there", LIST_OFFSETS, find("o1", 3, "-1", -1, 0))
                .newest("of a partition below 0", LIST_OFFSETS, find("o1", -1, "-1", -1, 0))
                .newest("a leader that was", LIST_OFFSETS, find("o1", 0, "-1", 0, 0))
                .newest("a leader to come", LIST_OFFSETS, find("o1", 0, "-1", 9, 0))
                .newest("a leader below -1", LIST_OFFSETS, find("o1", 0, "-1", -2, 0))
                .newest("an isolation nobody knows", LIST_OFFSETS, find("o1", 0, "-1", -1, 2))
                .newest(
                        "one partition twice",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 'o1', partitions: [{partitionIndex: 0, "
                                + "timestamp: -1}, {partitionIndex: 0, timestamp: -2}]}]}")
                .newest("a name with a blank", LIST_OFFSETS, find("a b", 0, "-1", -1, 0))
                .newest("nothing", LIST_OFFSETS, "{replicaId: -1, topics: []}")
                .newest(
                        "as a follower",
                        LIST_OFFSETS,
                        find("o1", 0, "-1", -1, 0).replace("replicaId: -1", "replicaId: 1"))
                .newest("to debug", LIST_OFFSETS, find("o1", 0, "-1", -1, 0).replace("replicaId: -1", "replicaId: -2"));
    }

    /** A fetch without a session. */
    static String fetch(String topic, int partition, long offset, String more) {
        return fetch(topic, partition, offset, 1 << 20, 1 << 20, more);
    }

    private static String fetch(String topic, int partition, long offset, int bytes, int partitionBytes, String more) {
        return "{replicaId: -1, maxWaitMs: 50, minBytes: 0, maxBytes: " + bytes
                + ", sessionEpoch: -1, isolationLevel: 0, topics: [{"
                + "topic: '" + topic + "', topicId: '${id-" + topic + "}', partitions: [{partition: " + partition
                + ", fetchOffset: " + offset + ", partitionMaxBytes: " + partitionBytes + (more.isEmpty() ? "" : ", ")
                + more + "}]}]}";
    }

    private static Script fetches() {
        var script = new Script("fetches").topic("f1").topic("f0");
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            script.newest(
                    "fill", PRODUCE, ProduceScripts.to("f1", 0, "codec: '" + codec + "', " + ProduceScripts.THREE));
        }
        for (var offset : new int[] {0, 1, 3, 14, 15, 16, -1}) {
            script.every("from " + offset, FETCH, fetch("f1", 0, offset, ""));
        }
        return script.every("an empty one", FETCH, fetch("f0", 0, 0, ""))
                .newest("an empty one from 1", FETCH, fetch("f0", 0, 1, ""))
                .every("committed only", FETCH, fetch("f1", 0, 0, "").replace("isolationLevel: 0", "isolationLevel: 1"))
                .newest(
                        "an isolation nobody knows",
                        FETCH,
                        fetch("f1", 0, 0, "").replace("isolationLevel: 0", "isolationLevel: 5"))
                .newest("a partition that is not there", FETCH, fetch("f1", 8, 0, ""))
                .newest("a partition below 0", FETCH, fetch("f1", -1, 0, ""))
                .call(
                        "a topic that is not there",
                        FETCH,
                        12,
                        fetch("f1", 0, 0, "").replace("topic: 'f1'", "topic: 'none'"))
                .newest(
                        "an id that is nobody's",
                        FETCH,
                        fetch("f1", 0, 0, "").replace("${id-f1}", "AAAAAAAAAAAAAAAAAAAAXw"))
                .newest("an id of zeroes", FETCH, fetch("f1", 0, 0, "").replace("${id-f1}", "AAAAAAAAAAAAAAAAAAAAAA"))
                .newest("a leader that was", FETCH, fetch("f1", 0, 0, "currentLeaderEpoch: 0"))
                .newest("a leader to come", FETCH, fetch("f1", 0, 0, "currentLeaderEpoch: 9"))
                .newest("what this leader wrote", FETCH, fetch("f1", 0, 3, "lastFetchedEpoch: 0"))
                .newest("what a later leader wrote", FETCH, fetch("f1", 0, 3, "lastFetchedEpoch: 9"))
                .newest(
                        "nothing",
                        FETCH,
                        "{replicaId: -1, maxWaitMs: 10, minBytes: 0, maxBytes: 100, sessionEpoch: -1, topics: []}")
                .newest("with a log start", FETCH, fetch("f1", 0, 0, "logStartOffset: 0"));
    }

    private static Script bounds() {
        var script = new Script("bounds").topic("b1").topic("b2", 2, "");
        for (var i = 0; i < 4; i++) {
            script.newest("fill", PRODUCE, ProduceScripts.to("b1", 0, "batch: [['a','x*300','${now}']]"))
                    .newest("fill", PRODUCE, ProduceScripts.to("b2", 0, "batch: [['a','x*300','${now}']]"))
                    .newest("fill", PRODUCE, ProduceScripts.to("b2", 1, "batch: [['a','x*300','${now}']]"));
        }
        for (var bytes : new int[] {-1, 0, 1, 300, 400, 800, 1200, 100_000}) {
            script.newest(bytes + " bytes of a partition", FETCH, fetch("b1", 0, 0, 1 << 20, bytes, ""))
                    .newest(bytes + " bytes at all", FETCH, fetch("b1", 0, 0, bytes, 1 << 20, ""))
                    .call(
                            bytes + " bytes at all of two",
                            FETCH,
                            12,
                            "{replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: " + bytes
                                    + ", sessionEpoch: -1, topics: [{topic: 'b2', partitions: [{partition: 0, fetchOffset: 0, "
                                    + "partitionMaxBytes: 500}, {partition: 1, fetchOffset: 0, partitionMaxBytes: 500}]}]}");
        }
        return script.newest(
                        "waits for more than there is",
                        FETCH,
                        fetch("b1", 0, 0, "").replace("minBytes: 0", "minBytes: 100000"))
                .newest("waits for nothing", FETCH, fetch("b1", 0, 4, "").replace("minBytes: 0", "minBytes: 1"))
                .newest(
                        "one partition twice",
                        FETCH,
                        "{replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 9999, sessionEpoch: -1, "
                                + "topics: [{topicId: '${id-b1}', partitions: [{partition: 0, fetchOffset: 0, partitionMaxBytes: 999},"
                                + "{partition: 0, fetchOffset: 2, partitionMaxBytes: 999}]}]}");
    }

    private static Script epochs() {
        var script = new Script("epochs")
                .topic("e1")
                .newest("fill", PRODUCE, ProduceScripts.to("e1", 0, ProduceScripts.THREE));
        for (var epoch : new int[] {-1, 0, 1, 7}) {
            for (var current : new int[] {-1, 0, 3}) {
                script.every(
                        "end of " + epoch + " under " + current, OFFSET_FOR_LEADER_EPOCH, end("e1", 0, epoch, current));
            }
        }
        return script.newest("a partition that is not there", OFFSET_FOR_LEADER_EPOCH, end("e1", 5, 0, -1))
                .newest("a topic that is not there", OFFSET_FOR_LEADER_EPOCH, end("none", 0, 0, -1))
                .topic("e0")
                .newest("an empty one", OFFSET_FOR_LEADER_EPOCH, end("e0", 0, 0, -1));
    }

    private static String end(String topic, int partition, int epoch, int current) {
        return "{replicaId: -2, topics: [{topic: '" + topic + "', partitions: [{partition: " + partition
                + ", leaderEpoch: " + epoch + ", currentLeaderEpoch: " + current + "}]}]}";
    }
}
