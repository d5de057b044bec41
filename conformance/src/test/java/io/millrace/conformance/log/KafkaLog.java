package io.millrace.conformance.log;

import static org.apache.kafka.common.compress.Compression.NONE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/** The log of one partition as a broker of Apache Kafka has it. */
final class KafkaLog implements OpenLog {

    private static final int FETCH_BYTES = 4096;
    private static final int DAY_MS = 86_400_000;
    private static final short TRANSACTIONS_V2 = 2;

    private final KafkaScheduler scheduler = new KafkaScheduler(1);
    private final BrokerTopicStats stats = new BrokerTopicStats();
    private final UnifiedLog log;

    /** @param clean whether the last shutdown was; if not, Kafka reads everything again and makes the indexes anew */
    KafkaLog(Path directory, Map<String, String> config, UUID topicId, boolean clean) {
        Properties properties = new Properties();
        properties.putAll(config);
        scheduler.startup();
        try {
            log = UnifiedLog.create(
                    directory.toFile(),
                    new LogConfig(properties),
                    0,
                    0,
                    scheduler,
                    stats,
                    Time.SYSTEM,
                    DAY_MS,
                    new ProducerStateManagerConfig(DAY_MS, false),
                    DAY_MS,
                    new LogDirFailureChannel(1),
                    clean,
                    Optional.of(new Uuid(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits())));
            log.updateHighWatermark(log.logEndOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void append(
            long producerId,
            int epoch,
            int sequence,
            boolean transactional,
            int leaderEpoch,
            long timestampMs,
            List<String> values) {
        SimpleRecord[] records = values.stream()
                .map(value -> new SimpleRecord(timestampMs, null, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        append(
                transactional
                        ? MemoryRecords.withTransactionalRecords(NONE, producerId, (short) epoch, sequence, records)
                        : MemoryRecords.withIdempotentRecords(NONE, producerId, (short) epoch, sequence, records),
                leaderEpoch,
                AppendOrigin.CLIENT);
    }

    @Override
    public void end(long producerId, int epoch, boolean commit, int leaderEpoch, long timestampMs) {
        ControlRecordType type = commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        append(
                MemoryRecords.withEndTransactionMarker(
                        timestampMs, producerId, (short) epoch, new EndTransactionMarker(type, 0)),
                leaderEpoch,
                AppendOrigin.COORDINATOR);
    }

    private void append(MemoryRecords batch, int leaderEpoch, AppendOrigin origin) {
        log.appendAsLeader(
                batch, leaderEpoch, origin, RequestLocal.noCaching(), VerificationGuard.SENTINEL, TRANSACTIONS_V2);
        try {
            log.updateHighWatermark(log.logEndOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Content content() {
        Map<Long, String> producers = new HashMap<>();
        for (ProducerState state : log.activeProducers()) {
            producers.put(
                    state.producerId(),
                    state.producerEpoch() + ", " + state.lastSequence() + ", " + state.currentTxnStartOffset());
        }
        Uuid topicId = log.topicId().orElseThrow();
        return new Content(
                new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()),
                log.lastStableOffset(),
                log.logEndOffset(),
                committed(),
                log.leaderEpochCache().epochEntries().stream()
                        .map(entry -> entry.epoch() + " from " + entry.startOffset())
                        .toList(),
                producers,
                log.collectAbortedTransactions(0, log.logEndOffset()).stream()
                        .map(aborted -> aborted.producerId() + " from " + aborted.firstOffset())
                        .toList());
    }

    /** As a consumer filters what a broker answers. */
    private List<String> committed() {
        List<String> found = new ArrayList<>();
        for (long offset = log.logStartOffset(); offset < log.lastStableOffset(); ) {
            FetchDataInfo fetched = fetch(offset);
            TreeMap<Long, Set<Long>> aborts = new TreeMap<>();
            fetched.abortedTransactions.orElse(List.of()).forEach(aborted -> aborts.computeIfAbsent(
                            aborted.firstOffset(), first -> new HashSet<>())
                    .add(aborted.producerId()));
            Set<Long> aborting = new HashSet<>();
            for (RecordBatch batch : fetched.records.batches()) {
                Map<Long, Set<Long>> begun = aborts.headMap(batch.lastOffset(), true);
                begun.values().forEach(aborting::addAll);
                begun.clear();
                if (batch.isControlBatch()) {
                    aborting.remove(batch.producerId());
                } else if (!batch.isTransactional() || !aborting.contains(batch.producerId())) {
                    for (Record record : batch) {
                        found.add(record.offset() + "=" + StandardCharsets.UTF_8.decode(record.value()));
                    }
                }
                offset = batch.nextOffset();
            }
        }
        return found;
    }

    private FetchDataInfo fetch(long offset) {
        try {
            return log.read(offset, FETCH_BYTES, FetchIsolation.TXN_COMMITTED, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long offsetAt(long timestampMs) {
        return log.fetchOffsetByTimestamp(timestampMs, Optional.empty())
                .timestampAndOffsetOpt()
                .map(found -> found.offset)
                .orElse(-1L);
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(); // what it has begun to flush, it flushes
            log.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while Kafka's log closes", e);
        } finally {
            stats.close();
        }
    }
}
