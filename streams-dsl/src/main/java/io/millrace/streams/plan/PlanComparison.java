package io.millrace.streams.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a job's state when a plan follows another.
 *
 * @param kept stores that go on
 * @param added stores that begin empty
 * @param dropped stores that no operator would own any more
 * @param refusals why the plan cannot follow, each a sentence that says what to do; empty if it can
 */
public record PlanComparison(List<String> kept, List<String> added, List<String> dropped, List<String> refusals) {

    public PlanComparison {
        kept = List.copyOf(kept);
        added = List.copyOf(added);
        dropped = List.copyOf(dropped);
        refusals = List.copyOf(refusals);
    }

    /**
     * @param before what ran last
     * @param mayDrop names of stores whose state may be left behind
     */
    public static PlanComparison compare(PlanRecord before, PlanRecord after, Set<String> mayDrop) {
        List<String> kept = new ArrayList<>();
        List<String> added = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        if (before.shardCount() != after.shardCount() && !before.stores().isEmpty()) {
            refusals.add(otherShards(before, after));
        }
        Map<String, PlanRecord.Store> gone = new LinkedHashMap<>();
        before.stores().forEach(store -> gone.put(store.name(), store));
        Set<String> existing = Set.copyOf(gone.keySet());
        for (PlanRecord.Store store : after.stores()) {
            PlanRecord.Store was = gone.remove(store.name());
            if (was == null || store.kind().equals(was.kind() + Plan.WITH_ROWS)) {
                added.add(store.name());
                emptyCopy(store, existing).ifPresent(refusals::add);
            } else if (was.isFollowedBy(store)) {
                kept.add(store.name());
            } else {
                refusals.add(changed(was, store));
            }
        }
        for (String name : gone.keySet()) {
            dropped.add(name);
            if (mayDrop.stream().noneMatch(allowed -> belongs(name, allowed))) {
                refusals.add("no operator owns the state of " + name
                        + " any more. Give the operator that should go on with it"
                        + " this name with .named(...), or allow its state to be dropped with the job option state.drop="
                        + name);
            }
        }
        return new PlanComparison(kept, added, dropped, refusals);
    }

    /** All refusals in one text, empty if the plan can follow. */
    public Optional<String> refusal() {
        return refusals.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", refusals) + ".");
    }

    /** A copy is fed by the updates of its table, so that of a table with rows would miss what the table has already. */
    private static Optional<String> emptyCopy(PlanRecord.Store added, Set<String> existing) {
        return existing.stream()
                .filter(table -> added.kind().startsWith(Plan.copyKind(table)))
                .findFirst()
                .map(table ->
                        "the rows of " + table + " would also be needed behind an exchange, where a copy of them would"
                                + " begin empty. Undo the change, or reset the job");
    }

    /** Whether a store is this one or one of those that its operator keeps beside it. */
    public static boolean belongs(String store, String name) {
        return store.equals(name) || store.startsWith(name + "/");
    }

    private static String otherShards(PlanRecord before, PlanRecord after) {
        String advice = after.shardCount() < before.shardCount()
                ? ". Keep the old number with .repartition(" + before.shardCount() + "), or reset the job"
                : ". State cannot move between shards: reset the job, or run it under a new name beside the old one";
        return "job " + after.job() + " ran with " + before.shardCount() + " shards and would now have "
                + after.shardCount() + advice;
    }

    private static String changed(PlanRecord.Store was, PlanRecord.Store is) {
        List<String> differences = new ArrayList<>();
        if (!was.kind().equals(is.kind())) {
            differences.add("was " + was.kind() + " and is now " + is.kind());
        }
        if (!was.keys().equals(is.keys())) {
            differences.add("had its keys spread by codec " + was.keys() + " and now by " + is.keys());
        }
        if (was.partitions() != is.partitions()) {
            differences.add("was spread over " + was.partitions() + " shards and is now over " + is.partitions());
        }
        if (!was.sameAccumulator(is)) {
            differences.add("had accumulators of " + was.accumulator() + " and now of " + is.accumulator());
        }
        return "the state of " + is.name() + " " + String.join(", ", differences)
                + ". Undo the change, give the new operator another name with .named(...) and allow the old state to be dropped with the"
                + " job option state.drop=" + is.name() + ", or reset the job";
    }
}
