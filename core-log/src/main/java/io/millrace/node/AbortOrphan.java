package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.coordinator.Resolution;
import io.millrace.coordinator.TransactionVersion;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a transaction in one partition of which no coordinator knows, so that it does not hold readers back for ever.
 *
 * <p>A client that outlives the node may be faster: it writes again what was not answered, and so makes the partition a part of
 * its transaction after all. Then it is the client who ends it.
 */
final class AbortOrphan extends Work {

    private static final Logger LOG = LoggerFactory.getLogger(AbortOrphan.class);

    private final Partition partition;
    private final ProducerIdentity writer;
    private final Resolution resolution;
    private final RetryDelay delay = new RetryDelay();

    /** @param writer of the transaction's records */
    AbortOrphan(Partition partition, ProducerIdentity writer) {
        ProducerIdentity next = new ProducerIdentity(writer.producerId(), (short) (writer.epoch() + 1));
        this.partition = partition;
        this.writer = writer;
        this.resolution = new Resolution(
                "", writer.producerId(), next.epoch(), TransactionVersion.V2, false, List.of(partition.id()), next);
    }

    @Override
    void append(LogOwner log) {
        if (!partition.hasOpenTransaction(writer) || log.transactions().isHeld(partition.id(), writer)) {
            return;
        }
        LOG.warn(
                "partition={} producer={} its transaction is known to no coordinator and is aborted",
                partition.id(),
                resolution.producerId());
        log.appendMarker(partition, resolution, log.topics().image().leaderEpoch());
        touch(partition);
    }

    @Override
    void written(LogOwner log) {
        if (partition.failureOf(Long.MAX_VALUE) != null) {
            touchNothing();
            log.retryIn(delay.next(), this);
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        if (!touched().isEmpty()) {
            log.groups().endTransaction(partition.id(), resolution.producerId(), false);
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        LOG.warn("partition={} the abort was not written ({}): {}", partition.id(), error, message);
    }
}
