package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.node.PartitionHandle;
import io.millrace.record.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fetch that waits until there is enough for it. It watches its partitions while it waits; of one that publishes it looks
 * at what is new there, and nothing is read before it is answered. In a session it leaves those that have nothing to rest.
 */
final class FetchAnswer implements Answer {

    /** One partition of the fetch. */
    private final class Look implements PartitionWatches.Watcher {
        private final FetchPart part;
        private final FetchTarget target;
        private long bytes;
        private boolean isWatching;

        Look(FetchPart part) {
            this.part = part;
            this.target = targetOf.apply(part);
        }

        void look() {
            long found = target.bytesAhead(request.minBytes());
            bytesAhead += found - bytes;
            bytes = found;
            isReady |= target.isUrgent() || bytesAhead >= request.minBytes();
        }

        void watch() {
            PartitionHandle handle = target.handle();
            if (handle != null) {
                around.watches().watch(handle, this);
                isWatching = true;
            }
        }

        void unwatch() {
            PartitionHandle handle = target.handle();
            if (isWatching && handle != null) {
                around.watches().unwatch(handle, this);
                isWatching = false;
            }
        }

        @Override
        public void changed() {
            if (!isReady) {
                look();
                wakeIfReady();
            }
        }
    }

    private final Surroundings around;
    private final FetchRequest request;
    private final FetchContext.Served context;
    private final Function<FetchPart, FetchTarget> targetOf;
    private final UnaryOperator<FetchResponse> finish;
    private final long deadlineMs;
    private final List<Look> looks = new ArrayList<>();
    private final Consumer<FetchPart> onStirred = this::stirred;
    private long bytesAhead;
    private boolean isLooked;
    private boolean isReady;
    private Runnable wake = () -> {};

    /**
     * @param targetOf where a part of the context is read
     * @param finish adds to the response what does not depend on the log
     */
    FetchAnswer(
            Surroundings around,
            FetchRequest request,
            FetchContext.Served context,
            Function<FetchPart, FetchTarget> targetOf,
            UnaryOperator<FetchResponse> finish,
            long nowMs) {
        this.around = around;
        this.request = request;
        this.context = context;
        this.targetOf = targetOf;
        this.finish = finish;
        this.deadlineMs = nowMs + Math.max(0, request.maxWaitMs());
        context.parts().forEach(part -> looks.add(new Look(part)));
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
        List<PartitionData> data = read();
        around.traffic().fetched(bytes(data));
        List<FetchPart> parts = looks.stream().map(look -> look.part).toList();
        FetchResponse response = finish.apply(context.response(parts, data, nowMs));
        cancel();
        return new Response(response);
    }

    /** Looks before it watches, since most need not wait, and once more after that, so that nothing is missed. */
    private void begin(long nowMs) {
        FetchSession session = context.ongoing();
        isReady = nowMs >= deadlineMs || session == null && looks.isEmpty() || request.minBytes() <= 0;
        lookAtAll();
        if (!isReady) {
            looks.forEach(Look::watch);
            lookAtAll();
        }
        if (!isReady && session != null) {
            session.tell(onStirred);
        }
    }

    private void lookAtAll() {
        for (int i = 0; i < looks.size() && !isReady; i++) {
            looks.get(i).look();
        }
    }

    /** A part of the session that rested when the fetch began. */
    private void stirred(FetchPart part) {
        if (!isReady) {
            Look look = new Look(part);
            looks.add(look);
            look.watch();
            look.look();
            wakeIfReady();
        }
    }

    private void wakeIfReady() {
        if (isReady) {
            wake.run();
        }
    }

    @Override
    public void cancel() {
        FetchSession session = context.ongoing();
        if (session != null) {
            session.stopTelling(onStirred);
        }
        looks.forEach(Look::unwatch);
        isReady = true;
    }

    private static long bytes(List<PartitionData> data) {
        long bytes = 0;
        for (PartitionData one : data) {
            Payload records = one.records();
            bytes += records == null ? 0 : records.size();
        }
        return bytes;
    }

    private List<PartitionData> read() {
        PartitionReader reader =
                new PartitionReader(Math.min(request.maxBytes(), around.config().fetchBytesMax()));
        FetchSession session = context.ongoing();
        List<PartitionData> data = new ArrayList<>(looks.size());
        for (Look look : looks) {
            data.add(session == null ? reader.read(look.target) : read(reader, look, session));
        }
        return data;
    }

    /** Rests before it is read: what is published after the reading ends the rest again. */
    private PartitionData read(PartitionReader reader, Look look, FetchSession session) {
        PartitionHandle handle = look.target.handle();
        if (handle != null && look.target.isAtEnd()) {
            session.rest(look.part, handle, around.watches());
        }
        PartitionData data = reader.read(look.target);
        boolean isNothing = data.errorCode() == ErrorCode.NONE.code()
                && data.divergingEpoch().epoch() < 0
                && (data.records() == null || data.records().size() == 0);
        if (!isNothing) {
            session.stir(look.part);
        }
        return data;
    }
}
