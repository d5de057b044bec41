package io.millrace.coordinator;

import com.google.re2j.Pattern;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Regular expressions that members of one coordinator's groups read by, compiled: each topic that comes or goes has all of them
 * looked up again. The least used go when they take too much memory. Owned by the coordinator.
 */
final class RegexCache {

    /** As {@link RegexSize#weight}, of all together: a few megabytes. */
    static final int WEIGHT_MAX = 5 * RegexTopics.WEIGHT_MAX;

    private record Compiled(Pattern pattern, long weight) {}

    private final Map<String, Compiled> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /** @throws io.millrace.client.LogException INVALID_REGULAR_EXPRESSION */
    Pattern of(String regex) {
        Compiled known = byUse.get(regex);
        if (known != null) {
            return known.pattern();
        }
        Pattern pattern = RegexTopics.compile(regex);
        long added = RegexSize.of(regex).weight();
        byUse.put(regex, new Compiled(pattern, added));
        weight += added;
        for (Iterator<Compiled> eldest = byUse.values().iterator(); weight > WEIGHT_MAX; ) {
            weight -= eldest.next().weight();
            eldest.remove();
        }
        return pattern;
    }

    int size() {
        return byUse.size();
    }
}
