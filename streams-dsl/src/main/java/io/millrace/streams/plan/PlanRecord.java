package io.millrace.streams.plan;

import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job writes down of its plan, to compare it with the next one: the facts that must not change while there is state.
 *
 * <p>Stored as UTF-8 lines of tab-separated fields; a tab, line feed or backslash in a field is written as {@code \t}, {@code
 * \n} or {@code \\}:
 *
 * <pre>
 *   millrace-plan  1
 *   job            name
 *   shards         count
 *   store          name  kind  codec of keys  shards it is spread over  class of accumulators, empty if unknown
 * </pre>
 */
public record PlanRecord(String job, int shardCount, List<Store> stores) {

    private static final String HEAD = "millrace-plan";
    private static final String VERSION = "1";

    /** Kind of a foreign source: its state are its positions, which are lost with its name. */
    private static final String SOURCE = "source";

    /** A node with state; see {@link Plan.PlannedStore}. */
    public record Store(String name, String kind, String keys, int partitions, String accumulator) {

        boolean isFollowedBy(Store next) {
            return name.equals(next.name)
                    && kind.equals(next.kind)
                    && keys.equals(next.keys)
                    && partitions == next.partitions
                    && sameAccumulator(next);
        }

        boolean sameAccumulator(Store next) {
            return accumulator.isEmpty() || next.accumulator.isEmpty() || accumulator.equals(next.accumulator);
        }
    }

    public PlanRecord {
        stores = List.copyOf(stores);
    }

    public static PlanRecord of(Plan plan) {
        List<Store> stores = new ArrayList<>();
        plan.stores()
                .forEach(store -> stores.add(new Store(
                        store.name(), store.kind(), store.keysName(), store.partitions(), store.accumulator())));
        for (Fragment fragment : plan.fragments()) {
            for (Node node : fragment.nodes()) {
                if (node.operation() instanceof Operation.ReadSource) {
                    stores.add(new Store(node.id(), SOURCE, "", 0, ""));
                }
            }
        }
        return new PlanRecord(plan.job(), plan.shardCount(), stores);
    }

    public byte[] encode() {
        StringBuilder text = new StringBuilder();
        line(text, HEAD, VERSION);
        line(text, "job", job);
        line(text, "shards", Integer.toString(shardCount));
        for (Store store : stores) {
            line(
                    text,
                    "store",
                    store.name(),
                    store.kind(),
                    store.keys(),
                    Integer.toString(store.partitions()),
                    store.accumulator());
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if these are not the bytes of a plan, naming the line */
    public static PlanRecord decode(byte[] bytes) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEAD + "\t" + VERSION)) {
            throw new IllegalArgumentException("not a plan this program can read: it begins with '"
                    + (lines.isEmpty() ? "" : lines.get(0)) + "', expected '" + HEAD + " " + VERSION + "'");
        }
        String job = "";
        int shardCount = 0;
        List<Store> stores = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t", -1);
            try {
                switch (fields[0]) {
                    case "job" -> job = plain(fields[1]);
                    case "shards" -> shardCount = Integer.parseInt(fields[1]);
                    case "store" ->
                        stores.add(new Store(
                                plain(fields[1]),
                                plain(fields[2]),
                                plain(fields[3]),
                                Integer.parseInt(fields[4]),
                                fields.length > 5 ? plain(fields[5]) : ""));
                    default -> throw new IllegalArgumentException("unknown fact " + fields[0]);
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw new IllegalArgumentException("a saved plan has a line that cannot be read: '" + line + "'", e);
            }
        }
        return new PlanRecord(job, shardCount, stores);
    }

    private static void line(StringBuilder text, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : "\t")
                    .append(fields[i].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"));
        }
        text.append('\n');
    }

    private static String plain(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\') {
                char escaped = field.charAt(++i);
                c = escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped;
            }
            text.append(c);
        }
        return text.toString();
    }
}
