package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.DELETE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.SYNC_GROUP;

import java.util.List;

/** Positions of groups. */
final class OffsetScripts {

    private static final String EXPECTED = "x1";

    private OffsetScripts() {}

    static List<Script> all() {
        return List.of(operator(), member(), refusals(), gone());
    }

    static String commit(String group, int generation, String member, String topic, int partition, long offset) {
        return commit(
                group,
                generation,
                member,
                topic,
                "{partitionIndex: " + partition + ", committedOffset: " + offset
                        + ", committedLeaderEpoch: 0, committedMetadata: 'note'}");
    }

    private static String commit(String group, int generation, String member, String topic, String partitions) {
        var id = topic.startsWith("x") || topic.startsWith("op") ? "topicId: '${id-" + topic + "}', " : "";
        return "{groupId: '" + group + "', generationIdOrMemberEpoch: " + generation + ", memberId: '" + member + "', "
                + "retentionTimeMs: -1, topics: [{name: '" + topic + "', " + id + "partitions: [" + partitions + "]}]}";
    }

    /** What is committed of two partitions, or of all if there is no topic. */
    private static String fetch(String group, String topic, boolean stable) {
        var named = topic == null ? "null" : "[{name: '" + topic + "', partitionIndexes: [0, 1, 7]}]";
        var byId = topic == null
                ? "null"
                : "[{name: '" + topic + "', topicId: '${id-" + topic + "}', partitionIndexes: [0, 1, 7]}]";
        return "{groupId: '" + group + "', requireStable: " + stable + ", topics: " + named + ", groups: [{groupId: '"
                + group + "', topics: " + byId + "}]}";
    }

    private static Script operator() {
        return new Script("positions")
                .topic("x1", 2, "")
                .topic("x2")
                .every("are kept", OFFSET_COMMIT, commit("pos", -1, "", "x1", 0, 5))
                .every("are told", OFFSET_FETCH, fetch("pos", "x1", false))
                .every("are told when stable", OFFSET_FETCH, fetch("pos", "x1", true))
                .every("are all told", OFFSET_FETCH, fetch("pos", null, false))
                .every("of nobody", OFFSET_FETCH, fetch("nobody", "x1", false))
                .every("of nobody, all", OFFSET_FETCH, fetch("nobody", null, false))
                .every("of no group", OFFSET_FETCH, fetch("", "x1", false))
                .newest(
                        "of two groups",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'pos', topics: null}, {groupId: 'nobody', topics: null}, "
                                + "{groupId: 'pos', topics: []}]}")
                .call(
                        "of a topic that is not there",
                        OFFSET_FETCH,
                        9,
                        "{groups: [{groupId: 'pos', topics: [{name: 'none', partitionIndexes: [0]}]}]}")
                .newest(
                        "of an id that is nobody's",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'pos', topics: [{topicId: 'AAAAAAAAAAAAAAAAAAAAXw', partitionIndexes: [0]}]}]}")
                .newest(
                        "as a member it is not",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'pos', memberId: 'm', memberEpoch: 3, topics: null}]}")
                .newest(
                        "without a note",
                        OFFSET_COMMIT,
                        commit(
                                "pos",
                                -1,
                                "",
                                "x1",
                                "{partitionIndex: 1, committedOffset: 8, committedLeaderEpoch: -1, committedMetadata: null}"))
                .newest("without a note are told", OFFSET_FETCH, fetch("pos", "x1", false))
                .newest("beyond the end", OFFSET_COMMIT, commit("pos", -1, "", "x2", 0, 1L << 60))
                .newest("below 0", OFFSET_COMMIT, commit("pos", -1, "", "x2", 0, -1))
                .newest("far below 0", OFFSET_COMMIT, commit("pos", -1, "", "x2", 0, -9))
                .newest("are all told in the end", OFFSET_FETCH, fetch("pos", null, false));
    }

    private static Script member() {
        return new Script("positions of members")
                .topic(EXPECTED, 2, "")
                .call(
                        "comes",
                        JOIN_GROUP,
                        3,
                        GroupScripts.join("mem", "", "null", 10000, "consumer", "{name: 'range', metadata: 'm'}"))
                .keep("a", "memberId")
                .every("before it has a part", OFFSET_COMMIT, commit("mem", 1, "${a}", "x1", 0, 1))
                .call(
                        "has its part",
                        SYNC_GROUP,
                        2,
                        "{groupId: 'mem', generationId: 1, memberId: '${a}', assignments: "
                                + "[{memberId: '${a}', assignment: 'x'}]}")
                .every("commits", OFFSET_COMMIT, commit("mem", 1, "${a}", "x1", 0, 5))
                .every("of another generation", OFFSET_COMMIT, commit("mem", 2, "${a}", "x1", 0, 6))
                .every("of no generation", OFFSET_COMMIT, commit("mem", -1, "${a}", "x1", 0, 6))
                .every("of somebody else", OFFSET_COMMIT, commit("mem", 1, "else", "x1", 0, 6))
                .every("of nobody", OFFSET_COMMIT, commit("mem", -1, "", "x1", 0, 6))
                .newest(
                        "as a member",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'mem', memberId: '${a}', memberEpoch: 1, topics: null}]}")
                .newest(
                        "as a member of another epoch",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'mem', memberId: '${a}', memberEpoch: 9, topics: null}]}")
                .every("are told", OFFSET_FETCH, fetch("mem", "x1", false));
    }

    private static Script refusals() {
        var script = new Script("positions that are refused").topic("x1", 1, "");
        return script.every("a topic that is not there", OFFSET_COMMIT, commit("ref1", -1, "", "none", 0, 5))
                .every("a partition that is not there", OFFSET_COMMIT, commit("ref1", -1, "", "x1", 4, 5))
                .every("a partition below 0", OFFSET_COMMIT, commit("ref1", -1, "", "x1", -4, 5))
                .every(
                        "some of them",
                        OFFSET_COMMIT,
                        commit(
                                "ref1",
                                -1,
                                "",
                                "x1",
                                "{partitionIndex: 0, committedOffset: 8, committedMetadata: ''}, {partitionIndex: 3, committedOffset: 8, committedMetadata: ''}"))
                .every("a generation of nobody", OFFSET_COMMIT, commit("ref2", 3, "", "x1", 0, 5))
                .every("a member of nobody", OFFSET_COMMIT, commit("ref2", -1, "m", "x1", 0, 5))
                .every("a member of a generation of nobody", OFFSET_COMMIT, commit("ref2", 3, "m", "x1", 0, 5))
                .every("no group", OFFSET_COMMIT, commit("", -1, "", "x1", 0, 5))
                .newest(
                        "a long note",
                        OFFSET_COMMIT,
                        commit(
                                "ref3",
                                -1,
                                "",
                                "x1",
                                "{partitionIndex: 0, committedOffset: 8, committedMetadata: '" + "n".repeat(4097)
                                        + "'}"))
                .newest(
                        "a note as long as may be",
                        OFFSET_COMMIT,
                        commit(
                                "ref3",
                                -1,
                                "",
                                "x1",
                                "{partitionIndex: 0, committedOffset: 8, committedMetadata: '" + "n".repeat(4096)
                                        + "'}"))
                .newest(
                        "one partition twice",
                        OFFSET_COMMIT,
                        commit(
                                "ref4",
                                -1,
                                "",
                                "x1",
                                "{partitionIndex: 0, committedOffset: 8, committedMetadata: ''}, {partitionIndex: 0, committedOffset: 9, committedMetadata: ''}"))
                .newest("one partition twice is told", OFFSET_FETCH, fetch("ref4", "x1", false))
                .newest(
                        "nothing",
                        OFFSET_COMMIT,
                        "{groupId: 'ref5', generationIdOrMemberEpoch: -1, memberId: '', topics: []}");
    }

    private static Script gone() {
        return new Script("positions in what is gone")
                .topic("x9")
                .newest("are kept", OFFSET_COMMIT, commit("gone", -1, "", "x9", 0, 5))
                .call("goes", DELETE_TOPICS, 5, "{timeoutMs: 10000, topicNames: ['x9']}")
                .prepare(
                        "is gone",
                        METADATA,
                        9,
                        "{topics: [{name: 'x9'}], allowAutoTopicCreation: false}",
                        all -> "3 UNKNOWN_TOPIC_OR_PARTITION".equals(all.get("topics[x9].errorCode")))
                .await("are gone too", OFFSET_FETCH, 8, "{groups: [{groupId: 'gone', topics: null}]}", all -> "0"
                        .equals(all.get("groups[gone].topics.size")));
    }
}
