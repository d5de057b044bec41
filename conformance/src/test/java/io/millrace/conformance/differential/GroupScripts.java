package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.FIND_COORDINATOR;
import static org.apache.kafka.common.protocol.ApiKeys.HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LEAVE_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_DELETE;
import static org.apache.kafka.common.protocol.ApiKeys.SYNC_GROUP;

import java.util.List;

/** Members of classic groups. */
final class GroupScripts {

    private GroupScripts() {}

    static List<Script> all() {
        return List.of(coordinators(), oneMember(), twoMembers(), refusals(), statics(), operators());
    }

    private static Script coordinators() {
        var script = new Script("coordinators");
        for (var type : new int[] {0, 1, 2, 3, 9}) {
            script.every(
                    "of type " + type,
                    FIND_COORDINATOR,
                    "{keyType: " + type + ", key: 'g', coordinatorKeys: ['g', 'h', 'g']}");
        }
        return script.every("of no name", FIND_COORDINATOR, "{keyType: 0, key: '', coordinatorKeys: ['']}")
                .newest("of nobody", FIND_COORDINATOR, "{keyType: 0, coordinatorKeys: []}");
    }

    static String join(String group, String member, String instance, int session, String type, String protocols) {
        return "{groupId: '" + group + "', memberId: '" + member + "', groupInstanceId: " + instance
                + ", sessionTimeoutMs: " + session + ", rebalanceTimeoutMs: 10000, protocolType: '" + type
                + "', protocols: [" + protocols + "]}";
    }

    private static String protocol(String name, String metadata) {
        return "{name: '" + name + "', metadata: '" + metadata + "'}";
    }

    private static String sync(String group, int generation, String member, String assignments) {
        return "{groupId: '" + group + "', generationId: " + generation + ", memberId: '" + member
                + "', protocolType: 'consumer', protocolName: 'range', assignments: [" + assignments + "]}";
    }

    private static String beat(String group, int generation, String member, String instance) {
        return "{groupId: '" + group + "', generationId: " + generation + ", memberId: '" + member
                + "', groupInstanceId: " + instance + "}";
    }

    private static final String RANGE = protocol("range", "m") + ", " + protocol("roundrobin", "n");

    private static Script oneMember() {
        var script = new Script("one member");
        for (var version = 0; version <= 9; version++) {
            var group = "one" + version;
            script.call("comes", JOIN_GROUP, version, join(group, "", "null", 10000, "consumer", RANGE))
                    .keep("m" + version, "memberId")
                    .call(
                            "comes under its name",
                            JOIN_GROUP,
                            version,
                            join(group, "${m" + version + "}", "null", 10000, "consumer", RANGE))
                    .call(
                            "is told before it asks",
                            HEARTBEAT,
                            Math.min(4, version),
                            beat(group, 1, "${m" + version + "}", "null"))
                    .call(
                            "assigns",
                            SYNC_GROUP,
                            Math.min(5, version),
                            sync(
                                    group,
                                    1,
                                    "${m" + version + "}",
                                    "{memberId: '${m" + version + "}', assignment: 'mine'}"))
                    .call(
                            "comes once more",
                            JOIN_GROUP,
                            version,
                            join(group, "${m" + version + "}", "null", 10000, "consumer", RANGE))
                    .call(
                            "assigns once more",
                            SYNC_GROUP,
                            Math.min(5, version),
                            sync(
                                    group,
                                    2,
                                    "${m" + version + "}",
                                    "{memberId: '${m" + version + "}', assignment: 'mine'}"))
                    .call(
                            "asks once more for it",
                            SYNC_GROUP,
                            Math.min(5, version),
                            sync(group, 2, "${m" + version + "}", ""))
                    .call("is there", HEARTBEAT, Math.min(4, version), beat(group, 2, "${m" + version + "}", "null"))
                    .every(
                            "is described",
                            DESCRIBE_GROUPS,
                            "{groups: ['" + group + "'], includeAuthorizedOperations: true}")
                    .call(
                            "goes",
                            LEAVE_GROUP,
                            Math.min(5, version),
                            "{groupId: '" + group + "', memberId: '${m" + version + "}', members: [{memberId: '${m"
                                    + version + "}', groupInstanceId: null, reason: 'done'}]}")
                    .call(
                            "goes again",
                            LEAVE_GROUP,
                            Math.min(5, version),
                            "{groupId: '" + group + "', memberId: '${m" + version + "}', members: [{memberId: '${m"
                                    + version + "}', groupInstanceId: null}]}")
                    .every("is described when it is gone", DESCRIBE_GROUPS, "{groups: ['" + group + "']}")
                    .newest("is deleted", DELETE_GROUPS, "{groupsNames: ['" + group + "']}");
        }
        return script;
    }

    private static Script twoMembers() {
        return new Script("two members")
                .call("first comes", JOIN_GROUP, 5, join("two", "", "null", 10000, "consumer", RANGE))
                .keep("a", "memberId")
                .call("first joins", JOIN_GROUP, 5, join("two", "${a}", "null", 10000, "consumer", RANGE))
                .call("first assigns", SYNC_GROUP, 3, sync("two", 1, "${a}", "{memberId: '${a}', assignment: 'all'}"))
                .on("second")
                .call(
                        "second comes",
                        JOIN_GROUP,
                        5,
                        join("two", "", "null", 10000, "consumer", protocol("roundrobin", "z")))
                .keep("b", "memberId")
                .ask(
                        "second joins",
                        JOIN_GROUP,
                        5,
                        join("two", "${b}", "null", 10000, "consumer", protocol("roundrobin", "z")))
                .on("main")
                .await("first is told", HEARTBEAT, 3, beat("two", 1, "${a}", "null"), all -> !"0 NONE"
                        .equals(all.get("errorCode")))
                .newest("between two generations", DESCRIBE_GROUPS, "{groups: ['two']}")
                .newest(
                        "commits between two generations",
                        OFFSET_COMMIT,
                        OffsetScripts.commit("two", 1, "${a}", "none-such", 0, 5))
                .call("first joins again", JOIN_GROUP, 5, join("two", "${a}", "null", 10000, "consumer", RANGE))
                .on("second")
                .answer("second has joined")
                .newest("while it is assigned", DESCRIBE_GROUPS, "{groups: ['two']}")
                .ask("second waits for its part", SYNC_GROUP, 3, sync("two", 2, "${b}", ""))
                .on("main")
                .call("first is there while it is assigned", HEARTBEAT, 3, beat("two", 2, "${a}", "null"))
                .call(
                        "first assigns both",
                        SYNC_GROUP,
                        3,
                        sync(
                                "two",
                                2,
                                "${a}",
                                "{memberId: '${a}', assignment: 'left'}, {memberId: '${b}', assignment: 'right'}"))
                .on("second")
                .answer("second has its part")
                .newest("both", DESCRIBE_GROUPS, "{groups: ['two']}")
                .call("second is of another generation", HEARTBEAT, 3, beat("two", 1, "${b}", "null"))
                .call(
                        "second assigns, which it may not",
                        SYNC_GROUP,
                        3,
                        sync("two", 2, "${b}", "{memberId: '${a}', assignment: 'x'}"))
                .call("second is of a generation to come", SYNC_GROUP, 3, sync("two", 3, "${b}", ""))
                .newest("a group with members is not deleted", DELETE_GROUPS, "{groupsNames: ['two', 'none']}")
                .call("second goes", LEAVE_GROUP, 1, "{groupId: 'two', memberId: '${b}'}")
                .on("main")
                .await("first is told that second is gone", HEARTBEAT, 3, beat("two", 2, "${a}", "null"), all -> true)
                .call("first goes", LEAVE_GROUP, 1, "{groupId: 'two', memberId: '${a}'}")
                .newest("nobody", DESCRIBE_GROUPS, "{groups: ['two']}")
                .newest("a group without members is deleted", DELETE_GROUPS, "{groupsNames: ['two', 'two']}");
    }

    private static Script refusals() {
        var script = new Script("members that are refused");
        for (var version : new int[] {1, 5, 9}) {
            script.call("no group", JOIN_GROUP, version, join("", "", "null", 10000, "consumer", RANGE))
                    .call("too short", JOIN_GROUP, version, join("ref", "", "null", 10, "consumer", RANGE))
                    .call("too long", JOIN_GROUP, version, join("ref", "", "null", 99999999, "consumer", RANGE))
                    .call("unknown", JOIN_GROUP, version, join("ref", "somebody", "null", 10000, "consumer", RANGE))
                    .call("no protocols", JOIN_GROUP, version, join("ref", "", "null", 10000, "consumer", ""))
                    .call("no type", JOIN_GROUP, version, join("ref", "", "null", 10000, "", RANGE));
        }
        return script.call("there is one", JOIN_GROUP, 3, join("ref", "", "null", 10000, "consumer", RANGE))
                .keep("a", "memberId")
                .call("it assigns", SYNC_GROUP, 2, sync("ref", 1, "${a}", "{memberId: '${a}', assignment: 'all'}"))
                .call(
                        "nothing in common",
                        JOIN_GROUP,
                        3,
                        join("ref", "", "null", 10000, "consumer", protocol("other", "x")))
                .call("of another kind", JOIN_GROUP, 3, join("ref", "", "null", 10000, "connect", RANGE))
                .call(
                        "synced by another protocol",
                        SYNC_GROUP,
                        5,
                        sync("ref", 1, "${a}", "").replace("'range'", "'other'"))
                .call(
                        "synced as of another kind",
                        SYNC_GROUP,
                        5,
                        sync("ref", 1, "${a}", "").replace("'consumer'", "'connect'"))
                .every("a heartbeat of nobody", HEARTBEAT, beat("ref", 1, "nobody", "null"))
                .every("a heartbeat to nowhere", HEARTBEAT, beat("nowhere", 1, "nobody", "null"))
                .every("a heartbeat without a group", HEARTBEAT, beat("", 1, "nobody", "null"))
                .every("a sync of nobody", SYNC_GROUP, sync("ref", 1, "nobody", ""))
                .every("a sync to nowhere", SYNC_GROUP, sync("nowhere", 1, "nobody", ""))
                .every("a sync without a group", SYNC_GROUP, sync("", 1, "nobody", ""))
                .every(
                        "nobody goes",
                        LEAVE_GROUP,
                        "{groupId: 'ref', memberId: 'nobody', members: [{memberId: 'nobody'}]}")
                .every(
                        "from nowhere",
                        LEAVE_GROUP,
                        "{groupId: 'nowhere', memberId: 'nobody', members: [{memberId: 'nobody'}]}")
                .every(
                        "from no group",
                        LEAVE_GROUP,
                        "{groupId: '', memberId: 'nobody', members: [{memberId: 'nobody'}]}")
                .newest(
                        "several go, none is known",
                        LEAVE_GROUP,
                        "{groupId: 'ref', members: [{memberId: 'x'}, {memberId: '', groupInstanceId: 'y'}, {memberId: 'z', groupInstanceId: 'q'}]}")
                .newest("none goes", LEAVE_GROUP, "{groupId: 'ref', members: []}")
                .call("the one goes", LEAVE_GROUP, 2, "{groupId: 'ref', memberId: '${a}'}");
    }

    private static Script statics() {
        return new Script("static members")
                .call("comes", JOIN_GROUP, 5, join("st", "", "'desk'", 10000, "consumer", RANGE))
                .keep("a", "memberId")
                .call("assigns", SYNC_GROUP, 5, sync("st", 1, "${a}", "{memberId: '${a}', assignment: 'all'}"))
                .newest("is described", DESCRIBE_GROUPS, "{groups: ['st']}")
                .call("comes again as it was", JOIN_GROUP, 9, join("st", "", "'desk'", 10000, "consumer", RANGE))
                .keep("b", "memberId")
                .call("asks for its part", SYNC_GROUP, 5, sync("st", 1, "${b}", ""))
                .call("the one it was is there", HEARTBEAT, 4, beat("st", 1, "${a}", "'desk'"))
                .call("the one it was joins", JOIN_GROUP, 5, join("st", "${a}", "'desk'", 10000, "consumer", RANGE))
                .call(
                        "the one it was syncs",
                        SYNC_GROUP,
                        5,
                        sync("st", 1, "${a}", "").replace("memberId", "groupInstanceId: 'desk', memberId"))
                .call(
                        "the one it was commits",
                        OFFSET_COMMIT,
                        8,
                        OffsetScripts.commit("st", 1, "${a}", "none-such", 0, 5)
                                .replace("memberId", "groupInstanceId: 'desk', memberId"))
                .call("the one it is is there", HEARTBEAT, 4, beat("st", 1, "${b}", "'desk'"))
                .call("another desk is there", HEARTBEAT, 4, beat("st", 1, "${b}", "'chair'"))
                .call(
                        "comes again otherwise",
                        JOIN_GROUP,
                        5,
                        join("st", "", "'desk'", 10000, "consumer", protocol("range", "new")))
                .keep("c", "memberId")
                .call("assigns again", SYNC_GROUP, 5, sync("st", 2, "${c}", "{memberId: '${c}', assignment: 'again'}"))
                .newest("is described again", DESCRIBE_GROUPS, "{groups: ['st']}")
                .newest(
                        "the one it was goes",
                        LEAVE_GROUP,
                        "{groupId: 'st', members: [{memberId: '${a}', groupInstanceId: 'desk'}]}")
                .newest(
                        "is sent away by its desk",
                        LEAVE_GROUP,
                        "{groupId: 'st', members: [{memberId: '', groupInstanceId: 'desk'}]}")
                .newest("nobody is there", DESCRIBE_GROUPS, "{groups: ['st']}");
    }

    private static Script operators() {
        return new Script("operators")
                .topic("op1", 2, "")
                .newest("an operator commits", OFFSET_COMMIT, OffsetScripts.commit("ops", -1, "", "op1", 0, 5))
                .every("the group is described", DESCRIBE_GROUPS, "{groups: ['ops', 'nowhere', '', 'ops']}")
                .every("groups that are empty", LIST_GROUPS, "{statesFilter: ['Empty'], typesFilter: ['classic']}")
                .newest("groups in no state there is", LIST_GROUPS, "{statesFilter: ['Asleep'], typesFilter: []}")
                .newest("groups of no type there is", LIST_GROUPS, "{statesFilter: [], typesFilter: ['strange']}")
                .newest("in other letters", LIST_GROUPS, "{statesFilter: ['eMPTY'], typesFilter: ['CLASSIC']}")
                .every(
                        "a position is forgotten",
                        OFFSET_DELETE,
                        "{groupId: 'ops', topics: [{name: 'op1', partitions: [{partitionIndex: 0}, {partitionIndex: 1}, {partitionIndex: 9}]}]}")
                .newest(
                        "of a topic that is not there",
                        OFFSET_DELETE,
                        "{groupId: 'ops', topics: [{name: 'none', partitions: [{partitionIndex: 0}]}]}")
                .newest(
                        "of a group that is not there",
                        OFFSET_DELETE,
                        "{groupId: 'nowhere', topics: [{name: 'op1', partitions: [{partitionIndex: 0}]}]}")
                .newest("of nothing", OFFSET_DELETE, "{groupId: 'ops', topics: []}")
                .every("groups are deleted", DELETE_GROUPS, "{groupsNames: ['nowhere', '']}")
                .newest("an operator commits again", OFFSET_COMMIT, OffsetScripts.commit("ops", -1, "", "op1", 0, 5))
                .newest("the group is deleted", DELETE_GROUPS, "{groupsNames: ['ops']}")
                .newest("it is gone", DESCRIBE_GROUPS, "{groups: ['ops']}")
                .call(
                        "a reader",
                        JOIN_GROUP,
                        3,
                        join(
                                "ops",
                                "",
                                "null",
                                10000,
                                "consumer",
                                protocol(
                                        "range",
                                        "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0001\\u0000\\u0003op1\\u0000\\u0000\\u0000\\u0000")))
                .keep("a", "memberId")
                .call("of both", SYNC_GROUP, 2, sync("ops", 1, "${a}", "{memberId: '${a}', assignment: 'x'}"))
                .newest(
                        "of what is read",
                        OFFSET_DELETE,
                        "{groupId: 'ops', topics: [{name: 'op1', partitions: [{partitionIndex: 0}]}]}")
                .newest(
                        "an operator commits while it reads",
                        OFFSET_COMMIT,
                        OffsetScripts.commit("ops", -1, "", "op1", 0, 5))
                .call("it goes", LEAVE_GROUP, 2, "{groupId: 'ops', memberId: '${a}'}");
    }
}
