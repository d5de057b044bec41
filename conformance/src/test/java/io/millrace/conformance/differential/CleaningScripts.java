package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.List;
import java.util.Map;

/** What time takes away: retention and compaction. */
final class CleaningScripts {

    private static final String BATCH = "batch: [['%s','x*%d','${now%+d}']]";

    private CleaningScripts() {}

    static List<Script> all() {
        return List.of(byTime(), bySize(), compaction());
    }

    private static String start(String topic) {
        return "{replicaId: -1, topics: [{name: '" + topic + "', partitions: [{partitionIndex: 0, timestamp: -2}]}]}";
    }

    private static boolean startsAfter(Map<String, String> answer, String topic, long offset) {
        return Long.parseLong(answer.get("topics[" + topic + "].partitions[0].offset")) > offset;
    }

    /** Old records go, the whole log if all are old. */
    private static Script byTime() {
        var two = ProduceScripts.to("old", 0, "batch: [['a','1','${now-7200000}'], ['b','2','${now-7200000}']]");
        return new Script("retention by time")
                .topic("old", 1, Script.config("retention.ms", "3600000"))
                // Not compared: the first may be gone before the second is there.
                .prepare("two hours old", PRODUCE, 9, two, all -> true)
                .prepare("again", PRODUCE, 9, two, all -> true)
                .await("begins after them", LIST_OFFSETS, 5, start("old"), all -> startsAfter(all, "old", 3))
                .newest("one of now", PRODUCE, ProduceScripts.to("old", 0, String.format(BATCH, "c", 10, 0)))
                .newest("from the beginning", FETCH, ReadScripts.fetch("old", 0, 0, ""))
                .newest("from where it begins", FETCH, ReadScripts.fetch("old", 0, 4, ""));
    }

    private static Script bySize() {
        var script = new Script("retention by size")
                .topic(
                        "big",
                        1,
                        Script.config("retention.bytes", "2000000") + ", " + Script.config("segment.bytes", "1048576"));
        for (var i = 0; i < 8; i++) {
            // Not compared: where the log begins meanwhile is a matter of time.
            script.prepare(
                    "fill " + i,
                    PRODUCE,
                    9,
                    ProduceScripts.to("big", 0, String.format(BATCH, "k" + i, 500_000, i)),
                    all -> true);
        }
        return script.await("begins later", LIST_OFFSETS, 5, start("big"), all -> startsAfter(all, "big", 3))
                .newest(
                        "by the time of what is gone",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 'big', partitions: [{partitionIndex: 0, timestamp: '${now}'}]}]}");
    }

    /** The last record of each key stays; the segment that is written stays as it is. */
    private static Script compaction() {
        var script = new Script("compaction")
                .topic(
                        "cmp",
                        1,
                        Script.config("cleanup.policy", "compact") + ", "
                                + Script.config("segment.bytes", "1048576") + ", "
                                + Script.config("min.cleanable.dirty.ratio", "0.01") + ", "
                                + Script.config("delete.retention.ms", "86400000"));
        script.newest(
                        "plain",
                        PRODUCE,
                        ProduceScripts.to(
                                "cmp",
                                0,
                                "batch: [['a','1','${now}'], ['b','1','${now+1}'], ['a','2','${now+2}'], ['c','1','${now+3}']]"))
                .newest(
                        "compressed",
                        PRODUCE,
                        ProduceScripts.to(
                                "cmp",
                                0,
                                "codec: 'gzip', batch: [['b',null,'${now+4}'], ['c','2','${now+5}'], ['d','1','${now+6}']]"))
                .newest(
                        "all of it superseded",
                        PRODUCE,
                        ProduceScripts.to("cmp", 0, "batch: [['e','1','${now+7}'], ['e','2','${now+8}']]"))
                .newest("supersedes", PRODUCE, ProduceScripts.to("cmp", 0, "batch: [['e','3','${now+9}']]"))
                .newest(
                        "fills the segment",
                        PRODUCE,
                        ProduceScripts.to("cmp", 0, String.format(BATCH, "z", 600_000, 10)))
                .newest("begins the next", PRODUCE, ProduceScripts.to("cmp", 0, String.format(BATCH, "z", 600_000, 11)))
                .newest("is in the next", PRODUCE, ProduceScripts.to("cmp", 0, "batch: [['a','3','${now+12}']]"));
        return script.await("is compacted", FETCH, 12, ReadScripts.fetch("cmp", 0, 0, ""), all -> all.values().stream()
                        .noneMatch(line -> line.startsWith("a = 1")))
                .newest("from the middle", FETCH, ReadScripts.fetch("cmp", 0, 5, ""))
                .newest(
                        "by time",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: 'cmp', partitions: [{partitionIndex: 0, timestamp: '${now}'}]}]}")
                .newest("where it begins", LIST_OFFSETS, start("cmp"));
    }
}
