package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;

import java.util.List;

/** Groups whose coordinator assigns (KIP-848). */
final class ConsumerGroupScripts {

    private static final String ALL = "{topicId: '${id-cg}', partitions: [0, 1, 2, 3]}";

    private ConsumerGroupScripts() {}

    static List<Script> all() {
        return List.of(oneMember(), twoMembers(), statics(), refusals());
    }

    private static String beat(String group, String member, String epoch, String more) {
        return "{groupId: '" + group + "', memberId: '" + member + "', memberEpoch: '" + epoch
                + "', instanceId: null, rackId: null, "
                + "rebalanceTimeoutMs: -1, subscribedTopicNames: null, subscribedTopicRegex: null, serverAssignor: null, "
                + "topicPartitions: null" + (more.isEmpty() ? "" : ", " + more) + "}";
    }

    private static String join(String group, String member, String more) {
        return beat(
                group,
                member,
                "0",
                "rebalanceTimeoutMs: 10000, subscribedTopicNames: ['cg'], topicPartitions: []"
                        + (more.isEmpty() ? "" : ", " + more));
    }

    private static String owns(String partitions) {
        return "topicPartitions: [" + partitions + "]";
    }

    private static Script start(String name) {
        return new Script("consumer group " + name)
                .needs(CONSUMER_GROUP_HEARTBEAT, CONSUMER_GROUP_DESCRIBE)
                .topic("cg", 4, "")
                .prepare(
                        "the coordinator knows the topic",
                        CONSUMER_GROUP_HEARTBEAT,
                        Script.NEWEST,
                        join("seen", "w", ""),
                        all -> all.keySet().stream().anyMatch(path -> path.startsWith("assignment.topicPartitions[")))
                .prepare(
                        "nobody is left",
                        CONSUMER_GROUP_HEARTBEAT,
                        Script.NEWEST,
                        beat("seen", "w", "-1", ""),
                        all -> true);
    }

    private static String commit(String member, String epoch) {
        return "{groupId: 'c1', generationIdOrMemberEpoch: '" + epoch + "', memberId: '" + member
                + "', topics: [{name: 'cg', topicId: "
                + "'${id-cg}', partitions: [{partitionIndex: 0, committedOffset: 3, committedMetadata: ''}]}]}";
    }

    private static Script oneMember() {
        return start("of one")
                .newest("comes", CONSUMER_GROUP_HEARTBEAT, join("c1", "one", ""))
                .keep("a", "memberEpoch")
                .newest("is there", CONSUMER_GROUP_HEARTBEAT, beat("c1", "one", "${a}", ""))
                .newest("has all", CONSUMER_GROUP_HEARTBEAT, beat("c1", "one", "${a}", owns(ALL)))
                .newest("has all still", CONSUMER_GROUP_HEARTBEAT, beat("c1", "one", "${a}", owns(ALL)))
                .every(
                        "is described",
                        CONSUMER_GROUP_DESCRIBE,
                        "{groupIds: ['c1', 'nobody'], includeAuthorizedOperations: true}")
                .every("is described as a classic group", DESCRIBE_GROUPS, "{groups: ['c1']}")
                .newest("is listed", LIST_GROUPS, "{statesFilter: [], typesFilter: ['consumer']}")
                .every("commits", OFFSET_COMMIT, commit("one", "${a}"))
                .every("commits in an epoch to come", OFFSET_COMMIT, commit("one", "99"))
                .every("commits in an epoch that was", OFFSET_COMMIT, commit("one", "0"))
                .every("somebody else commits", OFFSET_COMMIT, commit("else", "${a}"))
                .newest(
                        "reads as a member",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'c1', memberId: 'one', memberEpoch: '${a}', topics: null}]}")
                .newest(
                        "reads in another epoch",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'c1', memberId: 'one', memberEpoch: 77, topics: null}]}")
                .newest(
                        "reads as somebody else",
                        OFFSET_FETCH,
                        "{groups: [{groupId: 'c1', memberId: 'else', memberEpoch: '${a}', topics: null}]}")
                .call("a classic heartbeat", HEARTBEAT, 4, "{groupId: 'c1', generationId: 1, memberId: 'one'}")
                .newest(
                        "changes what it reads",
                        CONSUMER_GROUP_HEARTBEAT,
                        beat("c1", "one", "${a}", "subscribedTopicNames: ['none']"))
                .keep("b", "memberEpoch")
                .newest(
                        "wants another assignor",
                        CONSUMER_GROUP_HEARTBEAT,
                        beat("c1", "one", "${b}", "serverAssignor: 'range'"))
                .newest("is not deleted with a member", DELETE_GROUPS, "{groupsNames: ['c1']}")
                .newest("goes", CONSUMER_GROUP_HEARTBEAT, beat("c1", "one", "-1", ""))
                .newest("goes again", CONSUMER_GROUP_HEARTBEAT, beat("c1", "one", "-1", ""))
                .newest("is described when it is gone", CONSUMER_GROUP_DESCRIBE, "{groupIds: ['c1']}")
                .newest("is deleted", DELETE_GROUPS, "{groupsNames: ['c1']}");
    }

    private static Script twoMembers() {
        return start("of two")
                .newest("first comes", CONSUMER_GROUP_HEARTBEAT, join("c2", "first", "serverAssignor: 'range'"))
                .keep("a", "memberEpoch")
                .newest("first has all", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "${a}", owns(ALL)))
                .newest("second comes", CONSUMER_GROUP_HEARTBEAT, join("c2", "second", "serverAssignor: 'range'"))
                .keep("b", "memberEpoch")
                .newest("second waits", CONSUMER_GROUP_HEARTBEAT, beat("c2", "second", "${b}", ""))
                .newest("first is told to give", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "${a}", ""))
                .newest("while it gives", CONSUMER_GROUP_DESCRIBE, "{groupIds: ['c2']}")
                .newest(
                        "first gives",
                        CONSUMER_GROUP_HEARTBEAT,
                        beat("c2", "first", "${a}", owns("{topicId: '${id-cg}', partitions: [0, 1]}")))
                .newest("second is given", CONSUMER_GROUP_HEARTBEAT, beat("c2", "second", "${b}", ""))
                .newest(
                        "second has it",
                        CONSUMER_GROUP_HEARTBEAT,
                        beat("c2", "second", "${b}", owns("{topicId: '${id-cg}', partitions: [2, 3]}")))
                .newest("both", CONSUMER_GROUP_DESCRIBE, "{groupIds: ['c2']}")
                .newest("second goes", CONSUMER_GROUP_HEARTBEAT, beat("c2", "second", "-1", ""))
                .newest("first takes over", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "${b}", ""))
                .newest("first in an epoch that was", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "${a}", ""))
                .newest("first in an epoch to come", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "99", ""))
                .newest("first goes", CONSUMER_GROUP_HEARTBEAT, beat("c2", "first", "-1", ""));
    }

    private static Script statics() {
        return start("of desks")
                .newest("comes", CONSUMER_GROUP_HEARTBEAT, join("c3", "a", "instanceId: 'desk'"))
                .keep("a", "memberEpoch")
                .newest("another one at the same desk", CONSUMER_GROUP_HEARTBEAT, join("c3", "b", "instanceId: 'desk'"))
                .newest("goes for a while", CONSUMER_GROUP_HEARTBEAT, beat("c3", "a", "-2", "instanceId: 'desk'"))
                .newest("comes back as another", CONSUMER_GROUP_HEARTBEAT, join("c3", "b", "instanceId: 'desk'"))
                .newest(
                        "the one before is there",
                        CONSUMER_GROUP_HEARTBEAT,
                        beat("c3", "a", "${a}", "instanceId: 'desk'"))
                .newest("is described", CONSUMER_GROUP_DESCRIBE, "{groupIds: ['c3']}")
                .newest("goes for good", CONSUMER_GROUP_HEARTBEAT, beat("c3", "b", "-1", "instanceId: 'desk'"));
    }

    private static Script refusals() {
        return start("that is refused")
                .newest("no group", CONSUMER_GROUP_HEARTBEAT, join("", "m", ""))
                .newest("no member", CONSUMER_GROUP_HEARTBEAT, join("c4", "", ""))
                .newest("nobody", CONSUMER_GROUP_HEARTBEAT, beat("c4", "nobody", "3", ""))
                .newest("no time to rebalance", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", "rebalanceTimeoutMs: -1"))
                .newest("reads nothing", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", "subscribedTopicNames: null"))
                .newest("has something before it comes", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", owns(ALL)))
                .newest("an assignor nobody has", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", "serverAssignor: 'magic'"))
                .newest("a desk without a name", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", "instanceId: ''"))
                .newest(
                        "an expression that is none",
                        CONSUMER_GROUP_HEARTBEAT,
                        join("c4", "m", "subscribedTopicRegex: '('"))
                .newest("goes for a while without a desk", CONSUMER_GROUP_HEARTBEAT, beat("c4", "m", "-2", ""))
                .newest("an epoch far below 0", CONSUMER_GROUP_HEARTBEAT, beat("c4", "m", "-7", ""))
                .newest("there is one", CONSUMER_GROUP_HEARTBEAT, join("c4", "m", ""))
                .call(
                        "a classic one joins it with nothing in common",
                        JOIN_GROUP,
                        5,
                        GroupScripts.join("c4", "", "null", 10000, "connect", "{name: 'x', metadata: 'y'}"))
                .newest("no groups are described", CONSUMER_GROUP_DESCRIBE, "{groupIds: ['', 'nowhere']}")
                .newest("it goes", CONSUMER_GROUP_HEARTBEAT, beat("c4", "m", "-1", ""));
    }
}
