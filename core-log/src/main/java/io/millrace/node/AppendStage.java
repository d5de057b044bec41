package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Stage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first stage: takes in everything that waits, then writes each partition once. */
final class AppendStage implements Stage<Work> {

    private static final Logger LOG = LoggerFactory.getLogger(AppendStage.class);

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
            append(taken.get(i));
        }
        log.writeAll();
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).written(log);
        }
        taken.clear();
        gatheredBytes = 0;
        return true;
    }

    private void append(Work work) {
        Containment containment = Containment.begin(log);
        try {
            work.append(log);
        } catch (RuntimeException | StackOverflowError e) {
            if (!containment.holds(e)) {
                throw e;
            }
            LOG.error("a request of kind {} failed by a mistake in the code; nothing of it was done", work.kind(), e);
            work.fail(ErrorCode.UNKNOWN_SERVER_ERROR, "the request failed unexpectedly; the log of the node says why");
        }
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
