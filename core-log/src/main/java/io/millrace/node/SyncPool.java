package io.millrace.node;

import io.millrace.kernel.Agent;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import java.util.ArrayList;
import java.util.List;

/** The {@code sync-n} agents and the ring of each. Tasks are dealt out in turn by the log agent. */
final class SyncPool {

    private static final int RING_CAPACITY = 256;

    private final List<Pipeline<SyncTask>> rings = new ArrayList<>();
    private final List<Doorbell> doorbells = new ArrayList<>();
    private int next;

    /** @param onDone raised after each task */
    SyncPool(int agents, Signal onDone) {
        for (int i = 0; i < agents; i++) {
            Doorbell doorbell = new Doorbell();
            doorbells.add(doorbell);
            rings.add(Pipeline.<SyncTask>withCapacity(RING_CAPACITY, Pipeline.Producers.ONE)
                    .stage("sync-" + i, doorbell, task -> {
                        task.run();
                        onDone.raise();
                        return true;
                    })
                    .build());
        }
    }

    /** Hands a task to the next agent; false if that one has too much to do. */
    boolean offer(SyncTask task) {
        Pipeline<SyncTask> ring = rings.get(next);
        if (!ring.offer(task)) {
            return false;
        }
        next = (next + 1) % rings.size();
        return true;
    }

    int size() {
        return rings.size();
    }

    Agent agent(int index) {
        return rings.get(index).stages().get(0);
    }

    Doorbell doorbell(int index) {
        return doorbells.get(index);
    }
}
