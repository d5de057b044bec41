package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Stage;
import java.util.ArrayList;
import java.util.List;

/** The first stage: takes in everything that waits, then writes each partition once. */
final class AppendStage implements Stage<Work> {

    /** What is gathered for one round of writes: enough for large writes, little enough to keep in memory twice. */
    static final int GATHERED_BYTES_MAX = 8 << 20;

    private final LogOwner log;
    private final List<Work> taken = new ArrayList<>();
    private long gatheredBytes;

    AppendStage(LogOwner log) {
        this.log = log;
    }

    @Override
    public boolean take(Work work) {
        if (gatheredBytes >= GATHERED_BYTES_MAX) {
            return false;
        }
        gatheredBytes += work.sizeInBytes();
        taken.add(work);
        return true;
    }

    @Override
    public boolean finish() {
        refuseForWantOfRoom();
        log.transactions().enlistments().enlist(log, taken);
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).append(log);
        }
        log.writeAll();
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).written(log);
        }
        taken.clear();
        gatheredBytes = 0;
        return true;
    }

    /** Users' records alone, and before their transactions hear of them. */
    private void refuseForWantOfRoom() {
        for (int i = 0; i < taken.size(); i++) {
            if (taken.get(i) instanceof AppendWork append) {
                String refusal = log.disk().refusal(log);
                if (refusal == null) {
                    return;
                }
                append.fail(ErrorCode.THROTTLING_QUOTA_EXCEEDED, refusal);
            }
        }
    }
}
