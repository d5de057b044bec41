package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.List;

/** Appending, plain and idempotent. */
final class ProduceScripts {

    /** Three records, some time apart. */
    static final String THREE = "batch: [['a','1','${now}'], ['b','2','${now+10}'], ['c',null,'${now+5}']]";

    private ProduceScripts() {}

    static List<Script> all() {
        return List.of(
                appends(),
                refusals(),
                damage(),
                times(),
                compacted(),
                sizes(),
                sequences(),
                epochs(),
                wrap(),
                producerIds());
    }

    /** A produce request of one batch. */
    static String to(String topic, int partition, String records) {
        return to(topic, partition, -1, "null", records);
    }

    static String to(String topic, int partition, int acks, String transaction, String records) {
        return "{transactionalId: " + transaction + ", acks: " + acks + ", timeoutMs: 10000, topicData: [{name: '"
                + topic
                + "', topicId: '${id-" + topic + "}', partitionData: [{index: " + partition + ", records: "
                + (records.equals("null") ? "null" : "{" + records + "}") + "}]}]}";
    }

    private static String one(String value) {
        return "batch: [['k','" + value + "','${now}']]";
    }

    private static Script appends() {
        var script = new Script("appends").topic("p1").topic("p2", 2, "");
        for (var codec : List.of("none", "gzip", "snappy", "lz4")) {
            script.every("by " + codec, PRODUCE, to("p1", 0, "codec: '" + codec + "', " + THREE));
        }
        for (var version = 7; version <= 13; version++) {
            script.call("by zstd", PRODUCE, version, to("p1", 0, "codec: 'zstd', " + THREE));
        }
        return script.newest("without waiting for replicas", PRODUCE, to("p1", 0, 1, "null", one("x")))
                .tell("without any answer", PRODUCE, 9, to("p1", 0, 0, "null", one("y")))
                .await(
                        "is there all the same",
                        LIST_OFFSETS,
                        5,
                        "{replicaId: -1, topics: [{name: 'p1', partitions: [{partitionIndex: 0, timestamp: -1}]}]}",
                        all -> true)
                .newest(
                        "to two partitions",
                        PRODUCE,
                        "{acks: -1, timeoutMs: 10000, topicData: [{name: 'p2', topicId: "
                                + "'${id-p2}', partitionData: [{index: 0, records: {" + THREE
                                + "}}, {index: 1, records: {" + THREE
                                + "}}, {index: 2, records: {" + THREE + "}}]}]}")
                .newest(
                        "to one partition twice",
                        PRODUCE,
                        "{acks: -1, timeoutMs: 10000, topicData: [{name: 'p2', topicId: "
                                + "'${id-p2}', partitionData: [{index: 0, records: {" + one("x")
                                + "}}, {index: 0, records: {" + one("y")
                                + "}}]}]}")
                .newest("to no topic", PRODUCE, "{acks: -1, timeoutMs: 10000, topicData: []}");
    }

    private static Script refusals() {
        return new Script("refusals")
                .topic("r1")
                .topic("r2")
                .topic("r3")
                .topic("r4")
                .call(
                        "a topic that is not there",
                        PRODUCE,
                        9,
                        to("r1", 0, THREE).replace("name: 'r1'", "name: 'none'"))
                .call(
                        "a topic that is not there and one that is",
                        PRODUCE,
                        9,
                        "{acks: -1, timeoutMs: 10000, topicData: ["
                                + "{name: 'r2', partitionData: [{index: 0, records: {" + THREE + "}}]}, {name: 'none', "
                                + "partitionData: [{index: 0, records: {" + THREE + "}}]}]}")
                .call("a partition that is not there", PRODUCE, 9, to("r1", 7, THREE))
                .call("a partition below 0", PRODUCE, 9, to("r1", -1, THREE))
                .call("two acknowledgements", PRODUCE, 9, to("r1", 0, 2, "null", THREE))
                .call("two acknowledgements less", PRODUCE, 9, to("r1", 0, -2, "null", THREE))
                .call("no records", PRODUCE, 9, to("r1", 0, "batch: []"))
                .newest("records that are null", PRODUCE, to("r1", 0, "null"))
                .every("two batches", PRODUCE, to("r1", 0, "twice: true, " + THREE))
                .call("zstd, too early", PRODUCE, 6, to("r3", 0, "codec: 'zstd', " + THREE))
                .call(
                        "a control batch",
                        PRODUCE,
                        9,
                        to("r1", 0, "control: true, pid: 7, epoch: 0, txn: true, " + THREE))
                .call("a name with a blank", PRODUCE, 9, to("r1", 0, THREE).replace("name: 'r1'", "name: 'a b'"))
                .call(
                        "no transaction but transactional",
                        PRODUCE,
                        9,
                        to("r4", 0, "pid: 9, epoch: 0, seq: 0, txn: true, " + THREE))
                .call("an id of a transaction but not transactional", PRODUCE, 9, to("r1", 0, -1, "'t'", THREE))
                .call(
                        "a topic of the node's own",
                        PRODUCE,
                        9,
                        to("r1", 0, THREE).replace("name: 'r1'", "name: '__consumer_offsets'"))
                .tell("an error without an answer", PRODUCE, 9, to("r1", 7, 0, "null", THREE))
                .hangUp()
                .newest(
                        "nothing of it is there",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 'r1', partitions: [{partitionIndex: 0, timestamp: -1}]}]}");
    }

    private static Script damage() {
        var script = new Script("damage").topic("w1");
        for (var what : List.of(
                "crc",
                "magic 0",
                "magic 1",
                "magic 3",
                "length short",
                "length long",
                "length tiny",
                "base offset",
                "epoch",
                "count",
                "count zero",
                "last offset",
                "append time",
                "codec 7",
                "delete horizon",
                "max timestamp")) {
            for (var codec : List.of("none", "gzip")) {
                script.call(
                        what + " in " + codec,
                        PRODUCE,
                        9,
                        to("w1", 0, "damage: '" + what + "', codec: '" + codec + "', " + THREE));
            }
        }
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            script.call(
                    "the body of " + codec,
                    PRODUCE,
                    9,
                    to("w1", 0, "damage: 'body', codec: '" + codec + "', " + THREE));
        }
        return script.call("cut", PRODUCE, 9, to("w1", 0, "cut: 3, " + THREE))
                .call("cut to a part of a header", PRODUCE, 9, to("w1", 0, "cut: 80, " + THREE))
                .newest(
                        "what is there of it",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 'w1', partitions: [{partitionIndex: 0, timestamp: -1}]}]}");
    }

    private static Script times() {
        var script = new Script("times")
                .topic("t1")
                .topic("t2", 1, Script.config("message.timestamp.type", "LogAppendTime"))
                .topic("t3", 1, Script.config("message.timestamp.before.max.ms", "60000"));
        for (var topic : List.of("t1", "t2", "t3")) {
            for (var when : List.of("${now}", "${now+1800000}", "${now+7200000}", "${now-7200000}", "0", "-1")) {
                for (var codec : List.of("none", "lz4")) {
                    script.newest(
                            topic + " at " + when.replace("${", "").replace("}", "") + " " + codec,
                            PRODUCE,
                            to(
                                    topic,
                                    0,
                                    "codec: '" + codec + "', batch: [['a','1','${now}'], ['b','2','" + when + "']]"));
                }
            }
        }
        return script;
    }

    private static Script compacted() {
        var script = new Script("compacted").topic("k1", 1, Script.config("cleanup.policy", "compact"));
        for (var codec : List.of("none", "gzip")) {
            script.every(
                    "no key " + codec,
                    PRODUCE,
                    to(
                            "k1",
                            0,
                            "codec: '" + codec
                                    + "', batch: [['a','1','${now}'], [null,'2','${now}'], [null,'3','${now}']]"));
        }
        return script.newest("no value", PRODUCE, to("k1", 0, "batch: [['a',null,'${now}']]"));
    }

    private static Script sizes() {
        return new Script("sizes")
                .topic("s1", 1, Script.config("max.message.bytes", "1000"))
                .topic("s2", 1, Script.config("segment.bytes", "1048576"))
                .newest("fits", PRODUCE, to("s1", 0, "batch: [['a','x*900','${now}']]"))
                .newest("does not fit", PRODUCE, to("s1", 0, "batch: [['a','x*1000','${now}']]"))
                .newest(
                        "fits when compressed",
                        PRODUCE,
                        to("s1", 0, "codec: 'gzip', batch: [['a','x*100000','${now}']]"))
                .newest("is as large as Kafka's bound", PRODUCE, to("s2", 0, "batch: [['a','x*1048500','${now}']]"))
                .newest("is larger than a segment", PRODUCE, to("s2", 0, "batch: [['a','x*1048600','${now}']]"));
    }

    private static String by(String pid, int epoch, int sequence, int count) {
        var batch = new StringBuilder();
        for (var i = 0; i < count; i++) {
            batch.append(i == 0 ? "" : ", ").append("['k").append(i).append("','v','${now}']");
        }
        return to("q1", 0, "pid: '" + pid + "', epoch: " + epoch + ", seq: " + sequence + ", batch: [" + batch + "]");
    }

    private static final String NOBODY =
            "{transactionalId: null, transactionTimeoutMs: 60000, producerId: -1, producerEpoch: -1}";

    private static Script sequences() {
        var script = new Script("sequences")
                .topic("q1")
                .newest("who", INIT_PRODUCER_ID, NOBODY)
                .keep("pid", "producerId")
                .newest("who else", INIT_PRODUCER_ID, NOBODY)
                .keep("other", "producerId");
        script.newest("the first", PRODUCE, by("${pid}", 0, 0, 2))
                .newest("the first again", PRODUCE, by("${pid}", 0, 0, 2))
                .newest("the first but longer", PRODUCE, by("${pid}", 0, 0, 3))
                .newest("the first but shorter", PRODUCE, by("${pid}", 0, 0, 1))
                .newest("a gap", PRODUCE, by("${pid}", 0, 3, 1));
        for (var i = 1; i <= 5; i++) {
            script.newest("the next " + i, PRODUCE, by("${pid}", 0, 2 * i, 2));
        }
        return script.newest("what is six back", PRODUCE, by("${pid}", 0, 0, 2))
                .newest("what is five back", PRODUCE, by("${pid}", 0, 2, 2))
                .newest("what is one back", PRODUCE, by("${pid}", 0, 10, 2))
                .newest("half of what was", PRODUCE, by("${pid}", 0, 9, 2))
                .newest("another one in the middle", PRODUCE, by("${other}", 0, 4, 1))
                .newest("another one goes on", PRODUCE, by("${other}", 0, 5, 1))
                .newest("nobody the node has named", PRODUCE, by("123456", 0, 0, 1))
                .newest("a sequence and no epoch", PRODUCE, by("${pid}", -1, 12, 1))
                .newest("an id and no sequence", PRODUCE, by("${pid}", 0, -1, 1))
                .newest("no id but a sequence", PRODUCE, by("-1", 0, 12, 1));
    }

    private static Script epochs() {
        return new Script("producer epochs")
                .topic("q1")
                .newest("who", INIT_PRODUCER_ID, NOBODY)
                .keep("pid", "producerId")
                .newest("epoch 0", PRODUCE, by("${pid}", 0, 0, 1))
                .newest("a later epoch in the middle", PRODUCE, by("${pid}", 2, 1, 1))
                .newest("a later epoch from its beginning", PRODUCE, by("${pid}", 2, 0, 1))
                .newest("an earlier epoch", PRODUCE, by("${pid}", 1, 0, 1))
                .newest("the first one again, which was epoch 0", PRODUCE, by("${pid}", 0, 0, 1))
                .newest("it goes on", PRODUCE, by("${pid}", 2, 1, 1))
                .newest("the largest epoch", PRODUCE, by("${pid}", 32767, 0, 1));
    }

    private static Script wrap() {
        return new Script("the end of the numbers")
                .topic("q1")
                .newest("who", INIT_PRODUCER_ID, NOBODY)
                .keep("pid", "producerId")
                .newest("somebody is there before", PRODUCE, to("q1", 0, THREE))
                .newest("near the end", PRODUCE, by("${pid}", 0, 2147483645, 2))
                .newest("over the end", PRODUCE, by("${pid}", 0, 2147483647, 3))
                .newest("over the end again", PRODUCE, by("${pid}", 0, 2147483647, 3))
                .newest("after it", PRODUCE, by("${pid}", 0, 2, 1))
                .newest("a gap", PRODUCE, by("${pid}", 0, 4, 1));
    }

    private static Script producerIds() {
        return new Script("producer ids")
                .every("a new one", INIT_PRODUCER_ID, NOBODY)
                .newest("with an id and no epoch", INIT_PRODUCER_ID, NOBODY.replace("producerId: -1", "producerId: 5"))
                .newest(
                        "with an epoch and no id",
                        INIT_PRODUCER_ID,
                        NOBODY.replace("producerEpoch: -1", "producerEpoch: 5"))
                .newest(
                        "with both",
                        INIT_PRODUCER_ID,
                        NOBODY.replace("producerId: -1", "producerId: 5")
                                .replace("producerEpoch: -1", "producerEpoch: 5"))
                .newest("without time", INIT_PRODUCER_ID, NOBODY.replace("60000", "0"));
    }
}
