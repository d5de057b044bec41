package io.millrace.conformance.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** Writes each number to every partition in one transaction, and aborts every third of them. */
final class TransactionalLoad extends Load {

    static final String TOPIC = "pairs";

    private static final int ABORT_EACH = 3;
    private static final int TRANSACTION_MS = 10_000;
    private static final long PAUSE_NS = 2_000_000;

    enum End {
        COMMITTED,
        ABORTED,

        /** The producer died on the way to its end: all or nothing of it is there. */
        UNKNOWN
    }

    private final int partitions;
    private final Map<Integer, End> ends = new TreeMap<>();

    TransactionalLoad(String bootstrap, int partitions) {
        super("transactional producer", bootstrap);
        this.partitions = partitions;
    }

    @Override
    protected void run() {
        for (var next = 0; !isStopping(); ) {
            try (var producer = producer(Map.of(
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    "pairs",
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    TRANSACTION_MS))) {
                producer.initTransactions();
                while (!isStopping()) {
                    write(producer, next++);
                    LockSupport.parkNanos(PAUSE_NS);
                }
            } catch (KafkaException e) {
                // Its end stays unknown; a new producer fences the old one and begins with the next number.
                ends.put(next - 1, End.UNKNOWN);
            }
        }
    }

    private void write(KafkaProducer<String, String> producer, int number) {
        var aborts = number % ABORT_EACH == 0;
        producer.beginTransaction();
        for (var partition = 0; partition < partitions; partition++) {
            producer.send(new ProducerRecord<>(TOPIC, partition, null, Integer.toString(number)));
        }
        end(producer, aborts);
        ends.put(number, aborts ? End.ABORTED : End.COMMITTED);
    }

    private static void end(KafkaProducer<String, String> producer, boolean aborts) {
        while (true) {
            try {
                if (aborts) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
                return;
            } catch (TimeoutException e) {
                // The same call again is the way to learn its end.
            }
        }
    }

    /** Of every transaction. Only after the end. */
    Map<Integer, End> ends() {
        return ends;
    }

    /** The committed numbers, in order, and of those with an unknown end the ones that were found. */
    List<String> expected(List<String> found) {
        var expected = new ArrayList<String>();
        ends.forEach((number, end) -> {
            var value = Integer.toString(number);
            if (end == End.COMMITTED || end == End.UNKNOWN && found.contains(value)) {
                expected.add(value);
            }
        });
        return expected;
    }
}
