package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.GroupClaim;
import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.conformance.log.Dump.Entry;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topics in which a node keeps the positions of groups and the state of transactions, as Kafka's decoders for them read the
 * node's own files: each record says what the test did, field by field.
 */
class InternalTopicsDumpTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final TopicPartition F0 = new TopicPartition("flights", 0);
    private static final TopicPartition F1 = new TopicPartition("flights", 1);
    private static final String OFFSETS_DECODER = "--offsets-decoder";
    private static final String TRANSACTIONS_DECODER = "--transaction-log-decoder";
    private static final String FIRST_CLIENT = "in-process-0-1";
    private static final String DELETED = "<DELETE>";

    /** Small segments, and a round of compaction whenever there is anything to gain. */
    private static final NodeConfig COMPACTING = NodeConfig.DEFAULT
            .withTopicDefault("internal.segment.bytes", "1500")
            .withTopicDefault("index.interval.bytes", "200")
            .withTopicDefault("min.cleanable.dirty.ratio", "0.01")
            .withTopicDefault("delete.retention.ms", "60000");

    private static final Duration SOME_ROUNDS = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    /** What the internal partition in question must hold: key and value as the decoder prints them. */
    private final List<String> expected = new ArrayList<>();

    private SteppedNode node;

    private void open(NodeConfig config) {
        node = new SteppedNode(folder, config, NOW);
        node.answer(node.client().createTopic(new NewTopic("flights", 2)));
    }

    @BeforeEach
    void nothingIsExpectedYet() {
        expected.clear();
    }

    // ---- positions of groups

    @Test
    void theOffsetsDecoderReadsCommitsTombstonesAndMembers() throws IOException {
        open(NodeConfig.DEFAULT);
        commit(F0, new CommittedOffset(5, -1, ""));
        commit(F1, new CommittedOffset(7, 3, "read up to \"here\""));
        node.passTime(Duration.ofSeconds(5));
        commit(F0, new CommittedOffset(Long.MAX_VALUE, 0, "\u00e9"));
        node.answer(node.client().deleteOffsets("group", List.of(F1)));
        expected.add(offsetKey(F1) + " " + DELETED);
        GroupClaim claim = node.answer(node.client().claimGroup("group"));
        expected.add(groupKey() + " " + membership(1, FIRST_CLIENT));
        claim.close();
        node.answer(node.client().listGroups());
        expected.add(groupKey() + " " + membership(2, null));
        node.answer(node.client().deleteOffsets("group", List.of()));
        expected.add(offsetKey(F0) + " " + DELETED);
        expected.add(groupKey() + " " + DELETED);

        assertThat(texts(dump("__consumer_offsets", "group", OFFSETS_DECODER).hasNoComplaint(false)))
                .isEqualTo(expected);
        node.close();
        assertThat(texts(dump("__consumer_offsets", "group", OFFSETS_DECODER).hasNoComplaint(false)))
                .isEqualTo(expected);
    }

    @Test
    void theOffsetsDecoderReadsTheMembersOfAClassicGroup() throws IOException {
        NodeConfig config = NodeConfig.DEFAULT.withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
        open(config);
        NodeDoor door = node.newDoor();
        Joined first = node.answer(door.join(join("", "i-1")));
        assign(door, first);
        expected.add(groupKey() + " " + classic(1, first.member(), first.member()));
        Joined successor = node.answer(door.join(join("", "i-1")));
        expected.add(groupKey() + " " + classic(1, successor.member(), successor.member()));
        node.passTime(Duration.ofSeconds(5));
        node.answer(door.leave(new Leave("group", List.of(new Leaver("", "i-1")))));
        expected.add(groupKey() + " {\"version\":\"2\",\"data\":{\"protocolType\":\"consumer\",\"generation\":2,"
                + "\"protocol\":null,\"leader\":null,\"currentStateTimestamp\":" + node.nowMs() + ",\"members\":[]}}");
        node.answer(door.deleteGroup("group"));
        expected.add(groupKey() + " " + DELETED);
        node.close();

        assertThat(texts(dump("__consumer_offsets", "group", OFFSETS_DECODER).hasNoComplaint(false)))
                .isEqualTo(expected);
    }

    private static Join join(String member, String instance) {
        ByteBuffer subscription = ConsumerProtocol.serializeSubscription(
                new ConsumerPartitionAssignor.Subscription(List.of("flights")), (short) 1);
        Protocol range = new Protocol("range", Utils.toArray(subscription));
        return new Join(
                "group", member, instance, "app", "/10.0.0.7", 10_000, 60_000, "consumer", List.of(range), true, true);
    }

    private void assign(NodeDoor door, Joined leader) {
        ByteBuffer assignment = ConsumerProtocol.serializeAssignment(
                new ConsumerPartitionAssignor.Assignment(
                        List.of(new org.apache.kafka.common.TopicPartition("flights", 1))),
                (short) 1);
        node.answer(door.sync(new Sync(
                "group",
                leader.member(),
                null,
                leader.generation(),
                "consumer",
                "range",
                Map.of(leader.member(), Utils.toArray(assignment)))));
    }

    private String classic(int generation, String member, String leader) {
        return "{\"version\":\"3\",\"data\":{\"protocolType\":\"consumer\",\"generation\":" + generation
                + ",\"protocol\":\"range\",\"leader\":\"" + leader + "\",\"currentStateTimestamp\":" + node.nowMs()
                + ",\"members\":[{\"memberId\":\"" + member + "\",\"groupInstanceId\":\"i-1\",\"clientId\":\"app\","
                + "\"clientHost\":\"/10.0.0.7\",\"rebalanceTimeout\":60000,\"sessionTimeout\":10000,"
                + "\"subscription\":{\"topics\":[\"flights\"],\"userData\":null,\"ownedPartitions\":[]},"
                + "\"assignment\":{\"assignedPartitions\":[{\"topic\":\"flights\",\"partitions\":[1]}],"
                + "\"userData\":null}}]}}";
    }

    @Test
    void theOffsetsDecoderReadsPositionsOfTransactions() throws IOException {
        open(NodeConfig.DEFAULT);
        Producer producer = node.client().openProducer(ProducerOptions.transactional("tx"));
        ProducerIdentity identity = node.answer(producer.ready());
        for (int i = 0; i < 6; i++) {
            Transaction transaction = producer.begin();
            CommittedOffset position = new CommittedOffset(i);
            node.answer(transaction.commitOffsets("group", Map.of(F0, position)));
            expected.add(offsetKey(F0) + " " + offsetValue(position));
            end(transaction, i % 3 != 1);
        }
        node.close();

        Dump dump = dump("__consumer_offsets", "group", OFFSETS_DECODER).hasNoComplaint(false);

        assertThat(texts(dump)).isEqualTo(expected);
        assertThat(dump.linesWith("endTxnMarker: COMMIT")).hasSize(4);
        assertThat(dump.linesWith("endTxnMarker: ABORT")).hasSize(2);
        assertThat(dump.batches())
                .allMatch(batch -> batch.isTransactional() && batch.producerId() == identity.producerId());
        PartitionFiles.checkIndexes(directory("__consumer_offsets", "group"));
        assertThat(Dump.of(directory("__consumer_offsets", "group"), ".txnindex")
                        .hasNoComplaint(false)
                        .linesWith("producerId: " + identity.producerId()))
                .hasSize(2);
    }

    @Test
    void theOffsetsDecoderReadsWhatCompactionLeaves() throws IOException {
        open(COMPACTING);
        for (int i = 0; i < 300; i++) {
            TopicPartition partition = new TopicPartition("flights", i % 7 % 2);
            if (i % 50 == 49) {
                node.answer(node.client().deleteOffsets("group", List.of(partition)));
                expected.add(offsetKey(partition) + " " + DELETED);
            } else {
                commit(partition, new CommittedOffset(i, i % 3, "note " + i));
            }
        }
        node.passTime(SOME_ROUNDS);
        node.close();

        assertCompacted("__consumer_offsets", "group", OFFSETS_DECODER);
    }

    private void commit(TopicPartition partition, CommittedOffset position) {
        node.answer(node.client().commitOffsets("group", Map.of(partition, position)));
        expected.add(offsetKey(partition) + " " + offsetValue(position));
    }

    private static String offsetKey(TopicPartition partition) {
        return "{\"type\":\"1\",\"data\":{\"group\":\"group\",\"topic\":\"" + partition.topic() + "\",\"partition\":"
                + partition.partition() + "}}";
    }

    private String offsetValue(CommittedOffset position) {
        return "{\"version\":\"3\",\"data\":{\"offset\":" + position.offset() + ",\"leaderEpoch\":"
                + position.leaderEpoch() + ",\"metadata\":\""
                + position.metadata().replace("\"", "\\\"") + "\",\"commitTimestamp\":" + node.nowMs() + "}}";
    }

    private static String groupKey() {
        return "{\"type\":\"2\",\"data\":{\"group\":\"group\"}}";
    }

    private String membership(int generation, String member) {
        String nothing = "{\"topics\":[],\"userData\":null}";
        String members = member == null
                ? ""
                : "{\"memberId\":\"" + member + "\",\"groupInstanceId\":null,\"clientId\":\"" + member
                        + "\",\"clientHost\":\"/127.0.0.1\",\"rebalanceTimeout\":45000,\"sessionTimeout\":45000,"
                        + "\"subscription\":" + nothing
                        + ",\"assignment\":{\"assignedPartitions\":[],\"userData\":null}}";
        return "{\"version\":\"3\",\"data\":{\"protocolType\":\"consumer\",\"generation\":" + generation
                + ",\"protocol\":" + (member == null ? null : "\"range\"") + ",\"leader\":"
                + (member == null ? null : "\"" + member + "\"") + ",\"currentStateTimestamp\":" + node.nowMs()
                + ",\"members\":[" + members + "]}}";
    }

    // ---- state of transactions

    @Test
    void theTransactionDecoderReadsOpenCommittedAndAbortedOnes() throws IOException {
        open(NodeConfig.DEFAULT);
        Producer producer = node.client().openProducer(new ProducerOptions("tx", 9_000));
        long id = node.answer(producer.ready()).producerId();
        expected.add(state(id, id, -1, 0, 9_000, 0, "null", -1));
        int epoch = 0;
        for (boolean commit : new boolean[] {true, false, true}) {
            Transaction transaction = producer.begin();
            node.answer(transaction.append(F1, batch("a")));
            expected.add(state(id, id, -1, epoch, 9_000, 1, partitions("1"), node.nowMs()));
            node.answer(transaction.append(F0, batch("b")));
            expected.add(state(id, id, -1, epoch, 9_000, 1, partitions("0,1"), node.nowMs()));
            end(transaction, commit);
            epoch++;
            expected.add(state(id, id, -1, epoch, 9_000, commit ? 2 : 3, partitions("0,1"), node.nowMs()));
            expected.add(state(id, id, -1, epoch, 9_000, commit ? 4 : 5, "[]", node.nowMs()));
        }
        Transaction open = producer.begin();
        node.answer(open.append(F0, batch("c")));
        expected.add(state(id, id, -1, epoch, 9_000, 1, partitions("0"), node.nowMs()));

        assertThat(texts(dump("__transaction_state", "tx", TRANSACTIONS_DECODER).hasNoComplaint(false)))
                .isEqualTo(expected);
        PartitionFiles.checkIndexes(directory("__transaction_state", "tx"));
    }

    @Test
    void theTransactionDecoderReadsFencedTimedOutAndForgottenOnes() throws IOException {
        open(NodeConfig.DEFAULT.withTransactions(
                new TransactionLimits(10_000, Duration.ofHours(1).toMillis())));
        Producer first = node.client().openProducer(new ProducerOptions("tx", 9_000));
        long id = node.answer(first.ready()).producerId();
        expected.add(state(id, id, -1, 0, 9_000, 0, "null", -1));
        long begunMs = node.nowMs();
        node.answer(first.begin().append(F0, batch("fenced")));
        expected.add(state(id, id, -1, 0, 9_000, 1, partitions("0"), begunMs));
        Producer second = node.client().openProducer(new ProducerOptions("tx", 5_000));
        node.answer(second.ready());
        expected.add(state(id, id, -1, 1, 9_000, 3, partitions("0"), begunMs));
        expected.add(state(id, id, -1, 1, 9_000, 5, "[]", begunMs));
        expected.add(state(id, id, -1, 2, 5_000, 0, "null", -1));
        node.answer(second.begin().append(F1, batch("slow")));
        expected.add(state(id, id, -1, 2, 5_000, 1, partitions("1"), node.nowMs()));
        long slowMs = node.nowMs();
        node.passTime(Duration.ofSeconds(6));
        long abortedMs = timeOfLast("__transaction_state", "tx");
        assertThat(abortedMs).isBetween(slowMs + 5_000, node.nowMs());
        expected.add(state(id, id, -1, 3, 5_000, 3, partitions("1"), slowMs, abortedMs));
        expected.add(state(id, id, -1, 3, 5_000, 5, "[]", slowMs, abortedMs));
        node.passTime(Duration.ofHours(2));
        expected.add(transactionKey() + " " + DELETED);
        node.close();

        assertThat(texts(dump("__transaction_state", "tx", TRANSACTIONS_DECODER).hasNoComplaint(false)))
                .isEqualTo(expected);
    }

    /** One producer, more transactions than a producer id has epochs; the log of their states rolls and is compacted on the way. */
    @Test
    void theTransactionDecoderReadsTheRolloverOfAProducerId() throws IOException {
        open(NodeConfig.DEFAULT.withTopicDefault("durability", "os").withTopicDefault("segment.ms", "1000"));
        Producer producer = node.client().openProducer(new ProducerOptions("tx", 9_000));
        long first = node.answer(producer.ready()).producerId();
        ProducerIdentity identity = null;
        for (int epoch = 0; epoch < Short.MAX_VALUE - 2; epoch++) {
            identity = node.answer(end(append(producer, F0), true));
        }
        assertThat(identity).isEqualTo(new ProducerIdentity(first, (short) (Short.MAX_VALUE - 2)));
        node.passTime(Duration.ofSeconds(2)); // so that what follows is in a segment of its own
        ProducerIdentity last = node.answer(end(append(producer, F0), true));
        ProducerIdentity fresh = node.answer(end(append(producer, F0), true));
        node.answer(end(append(producer, F0), false));
        node.close();

        long second = fresh.producerId();
        assertThat(last).isEqualTo(new ProducerIdentity(first, (short) (Short.MAX_VALUE - 1)));
        assertThat(fresh.epoch()).isZero();
        assertThat(second).isNotEqualTo(first);
        String f0 = partitions("0");
        long now = node.nowMs();
        for (int i = 0; i < 2; i++) {
            int epoch = Short.MAX_VALUE - 2 + i;
            expected.add(state(first, first, -1, epoch, 9_000, 1, f0, now));
            expected.add(state(first, first, i == 0 ? -1 : second, epoch + 1, 9_000, 2, f0, now));
            expected.add(
                    i == 0
                            ? state(first, first, -1, epoch + 1, 9_000, 4, "[]", now)
                            : state(second, first, -1, 0, 9_000, 4, "[]", now));
        }
        expected.add(state(second, second, -1, 0, 9_000, 1, f0, now));
        expected.add(state(second, second, -1, 1, 9_000, 3, f0, now));
        expected.add(state(second, second, -1, 1, 9_000, 5, "[]", now));
        List<String> found = texts(Dump.ofLast(
                        directory("__transaction_state", "tx"),
                        ".log",
                        "--deep-iteration",
                        "--print-data-log",
                        TRANSACTIONS_DECODER)
                .hasNoComplaint(false));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void theTransactionDecoderReadsWhatCompactionLeaves() throws IOException {
        open(COMPACTING);
        Producer producer = node.client().openProducer(new ProducerOptions("tx", 9_000));
        long id = node.answer(producer.ready()).producerId();
        expected.add(state(id, id, -1, 0, 9_000, 0, "null", -1));
        for (int epoch = 0; epoch < 100; epoch++) {
            Transaction transaction = append(producer, F0);
            expected.add(state(id, id, -1, epoch, 9_000, 1, partitions("0"), node.nowMs()));
            boolean commit = epoch % 3 != 0;
            end(transaction, commit);
            expected.add(state(id, id, -1, epoch + 1, 9_000, commit ? 2 : 3, partitions("0"), node.nowMs()));
            expected.add(state(id, id, -1, epoch + 1, 9_000, commit ? 4 : 5, "[]", node.nowMs()));
        }
        node.passTime(SOME_ROUNDS);
        node.close();

        assertCompacted("__transaction_state", "tx", TRANSACTIONS_DECODER);
    }

    private Transaction append(Producer producer, TopicPartition partition) {
        Transaction transaction = producer.begin();
        node.answer(transaction.append(partition, batch("v")));
        return transaction;
    }

    /** Ends it and lets its markers be written. */
    private io.millrace.client.Pending<ProducerIdentity> end(Transaction transaction, boolean commit) {
        node.answer(commit ? transaction.commit() : transaction.abort());
        node.answer(transaction.completed());
        return transaction.completed();
    }

    private static String transactionKey() {
        return "{\"type\":\"0\",\"data\":{\"transactionalId\":\"tx\"}}";
    }

    private String state(
            long id,
            long previousId,
            long nextId,
            int epoch,
            int timeoutMs,
            int status,
            String partitions,
            long startMs) {
        return state(id, previousId, nextId, epoch, timeoutMs, status, partitions, startMs, node.nowMs());
    }

    /** One record of the transaction, as the decoder prints it. */
    private static String state(
            long id,
            long previousId,
            long nextId,
            int epoch,
            int timeoutMs,
            int status,
            String partitions,
            long startMs,
            long updateMs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("producerId", id);
        fields.put("previousProducerId", previousId);
        if (nextId >= 0) {
            fields.put("nextProducerId", nextId);
        }
        fields.put("producerEpoch", epoch);
        fields.put("transactionTimeoutMs", timeoutMs);
        fields.put("transactionStatus", status);
        fields.put("transactionPartitions", partitions);
        fields.put("transactionLastUpdateTimestampMs", updateMs);
        fields.put("transactionStartTimestampMs", startMs);
        if (epoch > 0 || status > 0) {
            fields.put("clientTransactionVersion", 2); // not known before the first transaction
        }
        StringBuilder json = new StringBuilder();
        fields.forEach((name, value) -> json.append(json.isEmpty() ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return transactionKey() + " {\"version\":\"1\",\"data\":{" + json + "}}";
    }

    private static String partitions(String ids) {
        return "[{\"topic\":\"flights\",\"partitionIds\":[" + ids + "]}]";
    }

    private long timeOfLast(String topic, String name) throws IOException {
        List<String> records = dump(topic, name, TRANSACTIONS_DECODER).linesWith("| offset: ");
        String last = records.get(records.size() - 1);
        String label = " CreateTime: ";
        int from = last.indexOf(label) + label.length();
        return Long.parseLong(last.substring(from, last.indexOf(' ', from)));
    }

    private static RecordBatchBuilder batch(String value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        builder.append(NOW, null, value.getBytes(java.nio.charset.StandardCharsets.UTF_8), Header.NONE);
        return builder;
    }

    // ---- both

    /** What is left says of each key what was said last, and nothing that was not said; much has gone. */
    private void assertCompacted(String topic, String name, String decoder) throws IOException {
        Dump dump = dump(topic, name, decoder).hasNoComplaint(true);
        List<String> found = texts(dump);
        assertThat(found).hasSizeLessThan(expected.size() / 4).isSubsetOf(expected);
        assertThat(lastPerKey(found)).isEqualTo(lastPerKey(expected));
        PartitionFiles.checkIndexes(directory(topic, name));
    }

    private static Map<String, String> lastPerKey(List<String> records) {
        Map<String, String> last = new LinkedHashMap<>();
        for (String record : records) {
            String key = record.substring(0, record.indexOf(' '));
            last.put(key, record.substring(key.length() + 1));
        }
        last.values().removeIf(DELETED::equals);
        return last;
    }

    private Dump dump(String topic, String name, String decoder) throws IOException {
        return Dump.of(directory(topic, name), ".log", "--deep-iteration", "--print-data-log", decoder);
    }

    private Path directory(String topic, String name) {
        return folder.resolve(topic + "-" + Math.abs(name.hashCode()) % 50);
    }

    private static List<String> texts(Dump dump) {
        return dump.entries().stream().map(InternalTopicsDumpTest::text).toList();
    }

    private static String text(Entry entry) {
        return entry.key() + " " + entry.payload();
    }
}
