package io.millrace.streams.runtime;

import io.millrace.streams.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a plan must not change while there is state: one line per fact, {@code shards<TAB>4}, {@code
 * store<TAB>name<TAB>kind<TAB>codec of keys<TAB>shards}.
 */
final class SavedPlan {

    private static final String SHARDS = "shards";
    private static final String STORE = "store";

    private SavedPlan() {}

    static byte[] encode(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(SHARDS).append('\t').append(plan.shardCount()).append('\n');
        stores(plan).forEach((name, what) -> text.append(STORE)
                .append('\t')
                .append(name)
                .append('\t')
                .append(what)
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws JobFault if the plan cannot go on with the state that the saved one left */
    static void requireCompatible(byte[] saved, Plan plan) {
        String text = new String(saved, StandardCharsets.UTF_8);
        Map<String, String> now = stores(plan);
        for (String line : text.lines().toList()) {
            String[] parts = line.split("\t", 3);
            if (parts[0].equals(SHARDS) && Integer.parseInt(parts[1]) != plan.shardCount()) {
                throw JobFault.finalOne(
                        "job " + plan.job() + " has state in " + parts[1] + " shards, but its topics now make "
                                + plan.shardCount()
                                + ". State cannot move between shards: keep the partition counts, or start over "
                                + "with `millrace job reset`.");
            }
            if (parts[0].equals(STORE)) {
                requireSame(plan, parts[1], parts[2], now.get(parts[1]));
            }
        }
    }

    private static void requireSame(
            Plan plan, String name, String before, @org.jspecify.annotations.Nullable String now) {
        if (now == null) {
            throw JobFault.finalOne("job " + plan.job() + " has state for the operator " + name
                    + ", which is no longer in the topology: its state would be orphaned. Give the operator its name back, or "
                    + "start over with `millrace job reset`.");
        }
        if (!now.equals(before)) {
            throw JobFault.finalOne("operator " + name + " of job " + plan.job() + " has state of the form ("
                    + before.replace("\t", ", ") + "), but is now (" + now.replace("\t", ", ")
                    + "). Give the new one another name, or start over with `millrace job reset`.");
        }
    }

    private static Map<String, String> stores(Plan plan) {
        Map<String, String> stores = new TreeMap<>();
        for (Plan.PlannedStore store : plan.stores()) {
            stores.put(store.name(), store.kind() + "\t" + store.keysName() + "\t" + store.partitions());
        }
        return new LinkedHashMap<>(stores);
    }
}
