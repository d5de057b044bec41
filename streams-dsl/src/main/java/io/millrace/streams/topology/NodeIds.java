package io.millrace.streams.topology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives operators ids that stay when the topology around them changes, as the state of a job is found by them.
 *
 * <p>A name that the user gave is the id. Any other id is made of the operator's kind and of its <em>anchors</em>: the nearest
 * sources and operators with state above it. Operators without state are never anchors, so that adding or removing one of
 * them renames no other operator with state. Of several operators of one kind with the same anchors, the second and later ones
 * get an ordinal, in the order in which they were written.
 */
public final class NodeIds {

    /** Longer ids are cut and end in a hash of the whole. */
    private static final int LENGTH_MAX = 80;

    private record Entry(
            Operation operation,
            List<Integer> inputs,
            @Nullable String name) {}

    private final String job;
    private final List<Entry> entries = new ArrayList<>();

    public NodeIds(String job) {
        this.job = job;
    }

    /** Takes the next operator, whose inputs have been taken before, and answers its index. */
    public int add(Operation operation, List<Integer> inputs, @Nullable String name) {
        entries.add(new Entry(operation, List.copyOf(inputs), name));
        return entries.size() - 1;
    }

    /**
     * The ids of all operators, by index.
     *
     * @throws IllegalStateException if two operators were given the same name
     */
    public List<String> assign() {
        Set<String> taken = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (entry.name() != null && !taken.add(entry.name())) {
                throw new IllegalStateException("two operators of job " + job + " are named " + entry.name()
                        + "; give each one a name of its own");
            }
        }
        List<String> ids = new ArrayList<>();
        List<Set<String>> anchors = new ArrayList<>();
        Map<String, Integer> ordinals = new HashMap<>();
        for (Entry entry : entries) {
            List<Set<String>> above = entry.inputs().stream().map(anchors::get).toList();
            String id = entry.name() != null ? entry.name() : unique(base(entry.operation(), above), ordinals, taken);
            ids.add(id);
            anchors.add(
                    Operations.isSource(entry.operation()) || Operations.hasState(entry.operation())
                            ? Set.of(id)
                            : above.stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new)));
        }
        return ids;
    }

    /** Inputs in order, as a join's left and right are not the same; the anchors of each in order of name. */
    private static String base(Operation operation, List<Set<String>> above) {
        String kind = Operations.kind(operation);
        String subject = Operations.isSource(operation)
                ? Operations.subject(operation)
                : above.stream()
                        .map(anchors -> String.join("+", anchors))
                        .distinct()
                        .collect(Collectors.joining("+"));
        String base = kind + "." + subject.replaceAll("[^a-zA-Z0-9._+-]", "_");
        return base.length() <= LENGTH_MAX ? base : base.substring(0, LENGTH_MAX - 17) + "-" + hash(kind + subject);
    }

    private static String unique(String base, Map<String, Integer> ordinals, Set<String> taken) {
        while (true) {
            int ordinal = ordinals.merge(base, 1, Integer::sum);
            String id = ordinal == 1 ? base : base + "-" + ordinal;
            if (taken.add(id)) {
                return id;
            }
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
