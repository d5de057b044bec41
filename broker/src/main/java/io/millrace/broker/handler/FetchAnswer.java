package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.node.PartitionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fetch that waits until there is enough for it. It watches its partitions while it waits; of one that publishes it looks
 * at what is new there, and nothing is read before it is answered.
 */
final class FetchAnswer implements Answer {

    private final Surroundings around;
    private final FetchRequest request;
    private final FetchContext.Served context;
    private final List<FetchTarget> targets;
    private final UnaryOperator<FetchResponse> finish;
    private final long deadlineMs;
    private final long[] ahead;
    private final List<PartitionWatches.Watcher> watchers = new ArrayList<>();
    private long bytesAhead;
    private boolean isLooked;
    private boolean isReady;
    private Runnable wake = () -> {};

    /**
     * @param targets of each part of the context
     * @param finish adds to the response what does not depend on the log
     */
    FetchAnswer(
            Surroundings around,
            FetchRequest request,
            FetchContext.Served context,
            List<FetchTarget> targets,
            UnaryOperator<FetchResponse> finish,
            long nowMs) {
        this.around = around;
        this.request = request;
        this.context = context;
        this.targets = targets;
        this.finish = finish;
        this.deadlineMs = nowMs + Math.max(0, request.maxWaitMs());
        this.ahead = new long[targets.size()];
    }

    @Override
    public long deadlineMs() {
        return deadlineMs;
    }

    @Override
    public boolean wakes(Runnable due) {
        wake = due;
        return true;
    }

    @Override
    public @Nullable Outcome poll(long nowMs) {
        if (!isLooked) {
            isLooked = true;
            begin(nowMs);
        }
        if (!isReady && nowMs < deadlineMs) {
            return null;
        }
        FetchResponse response = finish.apply(context.response(read(), nowMs));
        cancel();
        return new Response(response);
    }

    /** Looks before it watches, since most need not wait, and once more after that, so that nothing is missed. */
    private void begin(long nowMs) {
        isReady = nowMs >= deadlineMs || targets.isEmpty() || request.minBytes() <= 0;
        lookAtAll();
        if (!isReady) {
            watch();
            lookAtAll();
        }
    }

    private void lookAtAll() {
        for (int i = 0; i < targets.size() && !isReady; i++) {
            look(i);
        }
    }

    private void look(int index) {
        FetchTarget target = targets.get(index);
        long bytes = target.bytesAhead(request.minBytes());
        bytesAhead += bytes - ahead[index];
        ahead[index] = bytes;
        isReady |= target.isUrgent() || bytesAhead >= request.minBytes();
    }

    private void watch() {
        for (int i = 0; i < targets.size(); i++) {
            int index = i;
            PartitionHandle handle = targets.get(i).handle();
            PartitionWatches.Watcher watcher = () -> changed(index);
            watchers.add(watcher);
            if (handle != null) {
                around.watches().watch(handle, watcher);
            }
        }
    }

    private void changed(int index) {
        if (!isReady) {
            look(index);
            if (isReady) {
                wake.run();
            }
        }
    }

    @Override
    public void cancel() {
        for (int i = 0; i < watchers.size(); i++) {
            PartitionHandle handle = targets.get(i).handle();
            if (handle != null) {
                around.watches().unwatch(handle, watchers.get(i));
            }
        }
        watchers.clear();
        isReady = true;
    }

    private List<PartitionData> read() {
        PartitionReader reader =
                new PartitionReader(Math.min(request.maxBytes(), around.config().fetchBytesMax()));
        List<PartitionData> data = new ArrayList<>(targets.size());
        for (FetchTarget target : targets) {
            data.add(reader.read(target));
        }
        return data;
    }
}
