package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.store.CommittedView;
import io.millrace.store.CommittedViewResult;
import io.millrace.streams.codec.KeyRouter;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Questions about state on their way to the lanes. Owned by the I/O agent.
 *
 * <p>A view of all shards is asked for between two epochs: every lane has been told of the same last commit then, and is asked
 * before it can be told of the next, so all views are of one epoch.
 */
final class StoreQueries {

    /** Entries of a shard that are committed but not yet written below and may be copied for a view. */
    static final long PINNED_ENTRIES_MAX = 1_000_000;

    /** A view of all shards that is being put together. */
    private record Gathering(JobCommand.View asked, List<Pending<Object>> parts) {}

    private final Plan plan;
    private final List<LanePort> ports;
    private final StateTypes types;
    private final Signal signal;
    private final StateCodecs codecs;
    private final CommittedReads reads;

    /** Questions that demand to see a record whose effects are not committed yet. */
    private final List<JobCommand.Question> early = new ArrayList<>();

    private final List<JobCommand.View> waiting = new ArrayList<>();
    private final List<Gathering> gathering = new ArrayList<>();

    /** @param signal of the I/O agent */
    StoreQueries(Plan plan, List<LanePort> ports, StateTypes types, Signal signal, CommittedReads reads) {
        this.plan = plan;
        this.ports = ports;
        this.types = types;
        this.signal = signal;
        this.codecs = types.newCodecs();
        this.reads = reads;
    }

    void ask(JobCommand.Question question) {
        try {
            question.seeing().keySet().forEach(reads::requireRead);
        } catch (IllegalArgumentException e) {
            question.refuse(String.valueOf(e.getMessage()));
            return;
        }
        if (reads.cover(question.seeing())) {
            answer(question);
        } else {
            early.add(question);
        }
    }

    private void answer(JobCommand.Question question) {
        if (question instanceof JobCommand.Query query) {
            find(query);
        } else if (question instanceof JobCommand.View view) {
            waiting.add(view);
        }
    }

    boolean hasEarly() {
        return !early.isEmpty();
    }

    /** Whether somebody waits for nothing but the commit of what has been read up to these positions. */
    boolean wantsCommit(Map<TopicPartition, Long> positions) {
        for (JobCommand.Question question : early) {
            if (CommittedReads.cover(positions, question.seeing())) {
                return true;
            }
        }
        return false;
    }

    /** Who waits for a commit that this attempt will not make. */
    List<JobCommand> takeEarly() {
        List<JobCommand> taken = List.copyOf(early);
        early.clear();
        return taken;
    }

    private void find(JobCommand.Query query) {
        try {
            StoreName store = StoreName.find(plan, query.store());
            types.keyClasses().requireFits(store.name(), query.key());
            int shard = new KeyRouter(store.keys(), codecs.keys(), store.partitions()).partition(query.key());
            StoreQuestion question = new StoreQuestion(
                    shards -> {
                        ShardKeeper keeper = shards.get(shard);
                        return keeper == null ? null : keeper.committed(store, query.key(), query.windowStartMs());
                    },
                    query.answer());
            ports.get(shard % ports.size()).send(new LaneItem.Ask(question));
        } catch (RuntimeException e) {
            query.refuse(String.valueOf(e.getMessage()));
        }
    }

    void ask(JobCommand.Look look) {
        if (look.shard() < 0 || look.shard() >= plan.shardCount()) {
            look.refuse("job " + plan.job() + " has shards 0 to " + (plan.shardCount() - 1) + ", not " + look.shard());
            return;
        }
        StoreQuestion question = new StoreQuestion(
                shards -> {
                    ShardKeeper keeper = shards.get(look.shard());
                    return keeper == null ? null : look.read().apply(keeper.state);
                },
                look.answer());
        ports.get(look.shard() % ports.size()).send(new LaneItem.Ask(question));
    }

    /**
     * Sends and collects.
     *
     * @param isBetweenEpochs whether every lane has been told of the last commit and of no barrier since
     */
    int step(boolean isBetweenEpochs) {
        int work = answerEarly();
        if (isBetweenEpochs) {
            for (JobCommand.View view : waiting) {
                gathering.add(begin(view));
                work++;
            }
            waiting.clear();
        }
        for (Iterator<Gathering> all = gathering.iterator(); all.hasNext(); ) {
            Gathering one = all.next();
            if (one.parts().stream().allMatch(Pending::isDone)) {
                all.remove();
                finish(one);
                work++;
            }
        }
        return work;
    }

    private int answerEarly() {
        int answered = 0;
        for (Iterator<JobCommand.Question> all = early.iterator(); all.hasNext(); ) {
            JobCommand.Question question = all.next();
            if (reads.cover(question.seeing())) {
                all.remove();
                answer(question);
                answered++;
            }
        }
        return answered;
    }

    private Gathering begin(JobCommand.View view) {
        List<Pending<Object>> parts = new ArrayList<>();
        for (LanePort port : ports) {
            Pending<Object> part = new Pending<>(signal);
            parts.add(part);
            port.send(new LaneItem.Ask(new StoreQuestion(StoreQueries::viewsOf, part)));
        }
        return new Gathering(view, parts);
    }

    private static Object viewsOf(Map<Integer, ShardKeeper> shards) {
        Map<Integer, CommittedView> views = new TreeMap<>();
        for (ShardKeeper keeper : shards.values()) {
            CommittedViewResult result = keeper.state.committedView(PINNED_ENTRIES_MAX);
            if (result instanceof CommittedViewResult.Viewed viewed) {
                views.put(keeper.shard, viewed.view());
            } else {
                views.values().forEach(CommittedView::close);
                throw new IllegalStateException("shard " + keeper.shard
                        + " has too much state on its way to the disk to be copied for a query: " + result
                        + "; ask again soon");
            }
        }
        return views;
    }

    @SuppressWarnings("unchecked")
    private static void closeViews(Pending<Object> part) {
        if (part.isDone() && !part.isFailed()) {
            ((Map<Integer, CommittedView>) part.value()).values().forEach(CommittedView::close);
        }
    }

    @SuppressWarnings("unchecked")
    private void finish(Gathering done) {
        Map<Integer, CommittedView> views = new TreeMap<>();
        String refused = null;
        for (Pending<Object> part : done.parts()) {
            if (part.isFailed()) {
                refused = part.message();
            } else {
                views.putAll((Map<Integer, CommittedView>) part.value());
            }
        }
        if (refused != null) {
            views.values().forEach(CommittedView::close);
            done.asked().answer().fail(ErrorCode.UNKNOWN_SERVER_ERROR, refused);
            return;
        }
        done.asked().answer().succeed(new JobView(plan, List.copyOf(views.values()), types));
    }

    /** The attempt is over: nobody answers any more. */
    void close() {
        waiting.forEach(view -> view.refuse("the job has restarted; ask again"));
        gathering.forEach(one -> one.asked().refuse("the job has restarted; ask again"));
        gathering.forEach(one -> one.parts().forEach(StoreQueries::closeViews));
    }
}
