package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupCodec;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.GroupRecord;
import io.millrace.coordinator.TransactionCodec;
import io.millrace.coordinator.TransactionCoordinator;
import io.millrace.log.LogView;
import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.util.List;
import java.util.function.Consumer;

/** Reads the coordinators' state back from their partitions at the start of a node. Only partitions that exist are read. */
final class CoordinatorLoader {

    private static final int READ_BYTES = 1 << 20;

    private final RecordCursor cursor = new RecordCursor();

    void load(PartitionTable partitions, Transactions transactions, Groups groups) {
        for (Partition partition : partitions.all()) {
            TopicPartition id = partition.id();
            if (partition.isOpen() && id.topic().equals(TopicNames.TRANSACTION_STATE)) {
                TransactionCoordinator coordinator = transactions.of(id);
                forEachBatch(partition, batch -> replay(batch, coordinator));
            } else if (partition.isOpen() && id.topic().equals(TopicNames.CONSUMER_OFFSETS)) {
                GroupCoordinator coordinator = groups.of(id);
                forEachBatch(partition, batch -> replay(batch, coordinator));
            }
        }
    }

    private static void forEachBatch(Partition partition, Consumer<RecordBatch> action) {
        LogView view = partition.view();
        long offset = view.logStartOffset();
        while (offset < view.logEndOffset()) {
            List<RecordBatch> batches = view.read(offset, READ_BYTES, view.logEndOffset());
            if (batches.isEmpty()) {
                return;
            }
            batches.forEach(action);
            offset = batches.get(batches.size() - 1).nextOffset();
        }
    }

    private void replay(RecordBatch batch, TransactionCoordinator coordinator) {
        cursor.wrap(batch);
        while (cursor.next()) {
            byte[] key = cursor.key();
            if (key != null && !batch.isControl()) {
                TransactionCodec.read(key, cursor.value()).ifPresent(coordinator::replay);
            }
        }
    }

    private void replay(RecordBatch batch, GroupCoordinator coordinator) {
        cursor.wrap(batch);
        while (cursor.next()) {
            byte[] key = cursor.key();
            if (batch.isControl()) {
                boolean commit = ControlRecord.read(cursor).type() == ControlRecord.Type.COMMIT;
                coordinator.endTransaction(batch.producerId(), commit);
            } else if (key != null) {
                long offset = cursor.offset();
                GroupCodec.read(key, cursor.value()).ifPresent(record -> replay(batch, record, offset, coordinator));
            }
        }
    }

    private static void replay(RecordBatch batch, GroupRecord record, long offset, GroupCoordinator coordinator) {
        if (!batch.isTransactional()) {
            coordinator.replay(record, offset);
        } else if (record instanceof GroupRecord.Offset position) {
            coordinator.replayPending(batch.producerId(), position, offset);
        }
    }
}
