package io.millrace.node;

import io.millrace.log.NearestName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of groups that what is due in them fails. It fails again each time that it is tried, which is for ever and as often as
 * once a second, so that each group is told of now and then only. Owned by the log agent.
 */
final class TimerFaults {

    private static final Logger LOG = LoggerFactory.getLogger(TimerFaults.class);

    /** Between two messages about a group. */
    static final long TELL_INTERVAL_MS = 600_000;

    /** Of so many groups it is remembered when they were told of; the one that came first is forgotten. */
    static final int GROUPS_MAX = 1_000;

    private final Map<String, Long> toldMs = new LinkedHashMap<>();

    /** @return whether it was told now */
    boolean tell(String group, Throwable failure, long nowMs) {
        Long before = toldMs.get(group);
        if (before != null && nowMs < before + TELL_INTERVAL_MS) {
            return false;
        }
        if (before == null && toldMs.size() >= GROUPS_MAX) {
            toldMs.remove(toldMs.keySet().iterator().next());
        }
        toldMs.put(group, nowMs);
        LOG.error(
                "group={} what is due in it fails by a mistake in the code; the group goes back to what is written of it,"
                        + " and it is tried again. Not told again for {} ms",
                NearestName.shown(group),
                TELL_INTERVAL_MS,
                failure);
        return true;
    }
}
