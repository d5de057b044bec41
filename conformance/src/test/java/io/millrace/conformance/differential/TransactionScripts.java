package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.ADD_OFFSETS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.ADD_PARTITIONS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_PRODUCERS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.END_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;
import static org.apache.kafka.common.protocol.ApiKeys.TXN_OFFSET_COMMIT;

import java.util.List;

/** Transactions as older clients (KIP-98) and newer ones (KIP-890) make them. */
final class TransactionScripts {

    private TransactionScripts() {}

    static List<Script> all() {
        return List.of(older("commit", true), older("abort", false), newer(), fencing(), positions(), refusals());
    }

    private static String init(String id, String more) {
        return "{transactionalId: '" + id + "', transactionTimeoutMs: 60000" + more + "}";
    }

    private static String add(String id, int epoch, String topic) {
        return "{v3AndBelowTransactionalId: '" + id + "', v3AndBelowProducerId: '${pid}', v3AndBelowProducerEpoch: "
                + epoch + ", v3AndBelowTopics: [{name: '" + topic + "', partitions: [0]}]}";
    }

    private static String end(String id, int epoch, boolean commits) {
        return "{transactionalId: '" + id + "', producerId: '${pid}', producerEpoch: " + epoch + ", committed: "
                + commits + "}";
    }

    private static String append(String id, String topic, int epoch, int sequence, String value) {
        return ProduceScripts.to(
                topic,
                0,
                -1,
                "'" + id + "'",
                "pid: '${pid}', epoch: " + epoch + ", seq: " + sequence + ", txn: true, batch: [['k','" + value
                        + "','${now}']]");
    }

    private static String ends(String topic, int isolation) {
        return "{replicaId: -1, isolationLevel: " + isolation + ", topics: [{name: '" + topic
                + "', partitions: [{partitionIndex: 0, timestamp: -1}]}]}";
    }

    private static String committed(String topic) {
        return ReadScripts.fetch(topic, 0, 0, "").replace("isolationLevel: 0", "isolationLevel: 1");
    }

    private static Script older(String word, boolean commits) {
        var topic = "tx-" + word;
        return new Script("transaction " + word)
                .needs(END_TXN, ADD_PARTITIONS_TO_TXN)
                .topic(topic)
                .newest("plain before", PRODUCE, ProduceScripts.to(topic, 0, ProduceScripts.THREE))
                .call("begins", INIT_PRODUCER_ID, 4, init(word, ""))
                .keep("pid", "producerId")
                .call("adds", ADD_PARTITIONS_TO_TXN, 3, add(word, 0, topic))
                .call("adds again", ADD_PARTITIONS_TO_TXN, 3, add(word, 0, topic))
                .call("appends", PRODUCE, 11, append(word, topic, 0, 0, "one"))
                .call("appends again", PRODUCE, 11, append(word, topic, 0, 1, "two"))
                .call("repeats", PRODUCE, 11, append(word, topic, 0, 1, "two"))
                .newest("plain between", PRODUCE, ProduceScripts.to(topic, 0, ProduceScripts.THREE))
                .newest("end of all", LIST_OFFSETS, ends(topic, 0))
                .newest("end of what is stable", LIST_OFFSETS, ends(topic, 1))
                .newest("is read while open", FETCH, committed(topic))
                .newest("is shown", DESCRIBE_TRANSACTIONS, "{transactionalIds: ['" + word + "', 'nobody']}")
                .newest(
                        "its producer is shown",
                        DESCRIBE_PRODUCERS,
                        "{topics: [{name: '" + topic + "', partitionIndexes: [0, 5]}]}")
                .call("ends", END_TXN, 4, end(word, 0, commits))
                .call("ends again", END_TXN, 4, end(word, 0, commits))
                .call("ends otherwise", END_TXN, 4, end(word, 0, !commits))
                .await("is stable", LIST_OFFSETS, 6, ends(topic, 1), all -> "9"
                        .equals(all.get("topics[" + topic + "].partitions[0].offset")))
                .newest("is read", FETCH, committed(topic))
                .every("is read, in every version", FETCH, committed(topic))
                .newest("is shown after", DESCRIBE_TRANSACTIONS, "{transactionalIds: ['" + word + "']}")
                .call("the next", ADD_PARTITIONS_TO_TXN, 3, add(word, 0, topic))
                .call("appends to the next", PRODUCE, 11, append(word, topic, 0, 2, "three"))
                .call("ends the next", END_TXN, 4, end(word, 0, true))
                .await("the next is stable", LIST_OFFSETS, 6, ends(topic, 1), all -> "11"
                        .equals(all.get("topics[" + topic + "].partitions[0].offset")))
                .newest("all is read", FETCH, committed(topic))
                .call("begins a new life", INIT_PRODUCER_ID, 4, init(word, ""))
                .call("the old life adds", ADD_PARTITIONS_TO_TXN, 3, add(word, 0, topic))
                .call("the old life ends", END_TXN, 4, end(word, 0, true))
                .call("the old life appends", PRODUCE, 11, append(word, topic, 0, 3, "zombie"));
    }

    private static Script newer() {
        var topic = "tx-newer";
        return new Script("transaction newer")
                .needs(END_TXN)
                .topic(topic)
                .newest("begins", INIT_PRODUCER_ID, init("newer", ""))
                .keep("pid", "producerId")
                .call("ends what has not begun", END_TXN, 5, end("newer", 0, true))
                .call("appends", PRODUCE, 12, append("newer", topic, 0, 0, "one"))
                .newest("is read while open", FETCH, committed(topic))
                .call("ends", END_TXN, 5, end("newer", 0, true))
                .call("ends again", END_TXN, 5, end("newer", 0, true))
                .await("is stable", LIST_OFFSETS, 6, ends(topic, 1), all -> "2"
                        .equals(all.get("topics[" + topic + "].partitions[0].offset")))
                .call("the epoch that is over appends", PRODUCE, 12, append("newer", topic, 0, 1, "late"))
                .call("the next epoch appends in the middle", PRODUCE, 12, append("newer", topic, 1, 1, "two"))
                .call("the next epoch appends", PRODUCE, 12, append("newer", topic, 1, 0, "two"))
                .call("aborts", END_TXN, 5, end("newer", 1, false))
                .call("aborts again", END_TXN, 5, end("newer", 1, false))
                .await("is stable again", LIST_OFFSETS, 6, ends(topic, 1), all -> "4"
                        .equals(all.get("topics[" + topic + "].partitions[0].offset")))
                .newest("is read", FETCH, committed(topic))
                .call("aborts nothing", END_TXN, 5, end("newer", 2, false));
    }

    private static Script fencing() {
        var topic = "tx-fence";
        return new Script("transaction fencing")
                .needs(END_TXN, ADD_PARTITIONS_TO_TXN)
                .topic(topic)
                .call("begins", INIT_PRODUCER_ID, 4, init("fence", ""))
                .keep("pid", "producerId")
                .call("adds", ADD_PARTITIONS_TO_TXN, 3, add("fence", 0, topic))
                .call("appends", PRODUCE, 11, append("fence", topic, 0, 0, "one"))
                .call("another life begins", INIT_PRODUCER_ID, 4, init("fence", ""))
                .await("what was open is aborted", LIST_OFFSETS, 6, ends(topic, 1), all -> "2"
                        .equals(all.get("topics[" + topic + "].partitions[0].offset")))
                .newest("is read", FETCH, committed(topic))
                .call("the old life appends", PRODUCE, 11, append("fence", topic, 0, 1, "late"))
                .call("the old life ends", END_TXN, 4, end("fence", 0, true))
                .call(
                        "goes on under its id",
                        INIT_PRODUCER_ID,
                        4,
                        init("fence", ", producerId: '${pid}', producerEpoch: 2"))
                .call(
                        "goes on under an old epoch",
                        INIT_PRODUCER_ID,
                        4,
                        init("fence", ", producerId: '${pid}', producerEpoch: 0"))
                .call(
                        "goes on under another id",
                        INIT_PRODUCER_ID,
                        4,
                        init("fence", ", producerId: 999, producerEpoch: 0"));
    }

    private static Script positions() {
        var commit =
                "{transactionalId: 'pos', groupId: 'txg', producerId: '${pid}', producerEpoch: 0, generationId: %d, memberId: '%s', "
                        + "topics: [{name: 'tx-pos', partitions: [{partitionIndex: 0, committedOffset: 7, "
                        + "committedMetadata: 'n'}]}]}";
        var fetch =
                "{requireStable: %s, groups: [{groupId: 'txg', topics: [{name: 'tx-pos', partitionIndexes: [0]}]}]}";
        return new Script("transaction positions")
                .needs(END_TXN, ADD_OFFSETS_TO_TXN, TXN_OFFSET_COMMIT)
                .topic("tx-pos")
                .call("begins", INIT_PRODUCER_ID, 4, init("pos", ""))
                .keep("pid", "producerId")
                .call(
                        "adds the group",
                        ADD_OFFSETS_TO_TXN,
                        3,
                        "{transactionalId: 'pos', producerId: '${pid}', producerEpoch: 0, groupId: 'txg'}")
                .call("commits", TXN_OFFSET_COMMIT, 3, String.format(commit, -1, ""))
                .call("commits as nobody", TXN_OFFSET_COMMIT, 3, String.format(commit, 4, "nobody"))
                .call("is not told yet", OFFSET_FETCH, 8, String.format(fetch, "false"))
                .call("is not stable yet", OFFSET_FETCH, 8, String.format(fetch, "true"))
                .call("ends", END_TXN, 3, end("pos", 0, true))
                .await("is told", OFFSET_FETCH, 8, String.format(fetch, "true"), all -> "7"
                        .equals(all.get("groups[txg].topics[tx-pos].partitions[0].committedOffset")));
    }

    private static Script refusals() {
        return new Script("transactions that are refused")
                .needs(END_TXN, ADD_PARTITIONS_TO_TXN)
                .topic("tx-ref")
                .every("no id", INIT_PRODUCER_ID, init("", ""))
                .newest("too long", INIT_PRODUCER_ID, init("ref", "").replace("60000", "9999999"))
                .newest("no time", INIT_PRODUCER_ID, init("ref", "").replace("60000", "0"))
                .call("begins", INIT_PRODUCER_ID, 4, init("ref", ""))
                .keep("pid", "producerId")
                .call("ends what has not begun", END_TXN, 4, end("ref", 0, true))
                .call("aborts what has not begun", END_TXN, 4, end("ref", 0, false))
                .call("another's id", END_TXN, 4, end("nobody", 0, true))
                .call("another's epoch", END_TXN, 4, end("ref", 5, true))
                .call("adds what is not there", ADD_PARTITIONS_TO_TXN, 3, add("ref", 0, "none"))
                .call("adds for nobody", ADD_PARTITIONS_TO_TXN, 3, add("nobody", 0, "tx-ref"))
                .call("appends what was not added", PRODUCE, 11, append("ref", "tx-ref", 0, 0, "x"))
                .newest("nobody is shown", DESCRIBE_TRANSACTIONS, "{transactionalIds: ['nobody', '']}")
                .newest(
                        "no state there is",
                        LIST_TRANSACTIONS,
                        "{stateFilters: ['Asleep'], producerIdFilters: [], durationFilter: -1}");
    }
}
