package io.millrace.node;

import io.millrace.kernel.Stage;
import java.util.ArrayList;
import java.util.List;

/** The first stage: takes in everything that waits, then writes each partition once. */
final class AppendStage implements Stage<Work> {

    private final LogOwner log;
    private final List<Work> taken = new ArrayList<>();

    AppendStage(LogOwner log) {
        this.log = log;
    }

    @Override
    public boolean take(Work work) {
        taken.add(work);
        return true;
    }

    @Override
    public boolean finish() {
        log.transactions().register(log, taken);
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).append(log);
        }
        log.writeAll();
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).written(log);
        }
        taken.clear();
        return true;
    }
}
