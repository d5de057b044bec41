package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.Random;

/** Calls drawn from a seed: few topics, few producers and few numbers, so that they meet. */
final class RandomScripts {

    private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};
    private static final int PRODUCERS = 2;

    private final Random random;
    private final String topic;
    private final int[] sequences = new int[PRODUCERS];
    private final Script script;

    private RandomScripts(long seed) {
        random = new Random(seed);
        topic = "rnd" + seed;
        script = new Script("random " + seed);
    }

    static Script of(long seed, int steps) {
        return new RandomScripts(seed).write(steps);
    }

    private Script write(int steps) {
        script.topic(topic, 2, "");
        for (var i = 0; i < PRODUCERS; i++) {
            script.newest(
                            "producer " + i,
                            INIT_PRODUCER_ID,
                            "{transactionalId: null, transactionTimeoutMs: 1000, producerId: -1, "
                                    + "producerEpoch: -1}")
                    .keep("pid" + i, "producerId");
        }
        // Both partitions hold a record, since an empty one takes less from an idempotent producer than Kafka's does.
        script.newest("first", PRODUCE, plain(0)).newest("second", PRODUCE, plain(1));
        for (var i = 0; i < steps; i++) {
            step(i);
        }
        return script;
    }

    private void step(int number) {
        var partition = random.nextInt(8) == 0 ? 2 : random.nextInt(2);
        switch (random.nextInt(8)) {
            case 0 -> script.newest(number + " appends", PRODUCE, plain(partition));
            case 1, 2, 3 -> idempotent(number, partition);
            case 4 ->
                script.newest(
                        number + " finds",
                        LIST_OFFSETS,
                        "{replicaId: -1, topics: [{name: '" + topic + "', partitions: [{partitionIndex: " + partition
                                + ", timestamp: '" + time(8) + "'}]}]}");
            case 5 ->
                script.newest(number + " reads", FETCH, ReadScripts.fetch(topic, partition, random.nextInt(12), ""));
            case 6 ->
                script.call(
                        number + " commits",
                        OFFSET_COMMIT,
                        2 + random.nextInt(7),
                        "{groupId: 'g-" + topic
                                + "', generationIdOrMemberEpoch: " + (random.nextInt(4) == 0 ? 1 : -1)
                                + ", memberId: '', topics: [{name: '" + topic
                                + "', partitions: [{partitionIndex: " + partition + ", committedOffset: "
                                + random.nextInt(20)
                                + ", committedMetadata: 'm" + random.nextInt(3) + "'}]}]}");
            default ->
                script.call(
                        number + " asks",
                        OFFSET_FETCH,
                        2 + random.nextInt(6),
                        "{groupId: 'g-" + topic + "', topics: [{name: '" + topic + "', partitionIndexes: [0, 1, "
                                + partition + "]}]}");
        }
    }

    private String time(int special) {
        return random.nextInt(2) == 0
                ? Integer.toString(-1 - random.nextInt(special))
                : "${now" + String.format("%+d", random.nextInt(40) - 20) + "}";
    }

    private String plain(int partition) {
        return ProduceScripts.to(
                topic, partition, "codec: '" + CODECS[random.nextInt(5)] + "', " + batch(1 + random.nextInt(4)));
    }

    private String batch(int count) {
        var text = new StringBuilder("batch: [");
        for (var i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append("['k")
                    .append(random.nextInt(5))
                    .append("','v")
                    .append(random.nextInt(100))
                    .append("','${now")
                    .append(String.format("%+d", random.nextInt(40) - 20))
                    .append("}']");
        }
        return text.append("]").toString();
    }

    /** Mostly the next sequence, now and then one that was, or a gap. */
    private void idempotent(int number, int partition) {
        var producer = random.nextInt(PRODUCERS);
        var count = 1 + random.nextInt(3);
        var sequence = sequences[producer];
        if (random.nextInt(3) == 0) {
            sequence = Math.max(0, sequence + random.nextInt(9) - 6);
        } else if (partition == 0) {
            sequences[producer] += count;
        }
        script.newest(
                number + " appends as " + producer,
                PRODUCE,
                ProduceScripts.to(
                        topic,
                        Math.min(partition, 1) == 1 ? 2 - partition : 0,
                        "pid: '${pid" + producer + "}', epoch: " + (random.nextInt(12) == 0 ? 1 : 0) + ", seq: "
                                + sequence + ", " + batch(count)));
    }
}
