package io.millrace.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When each group has to be looked at. Too early is harmless, so an alarm that would have to be put off stays: a heartbeat
 * costs nothing here.
 */
final class GroupAlarms {

    private final SortedMap<Long, Set<String>> byTime = new TreeMap<>();
    private final Map<String, Long> timeOf = new HashMap<>();

    /** Looks at the group at this time (ms), or before. */
    void set(String group, long timeMs) {
        Long present = timeOf.get(group);
        if (timeMs == ClassicGroup.NEVER || (present != null && present <= timeMs)) {
            return;
        }
        if (present != null) {
            remove(group, present);
        }
        timeOf.put(group, timeMs);
        byTime.computeIfAbsent(timeMs, time -> new TreeSet<>()).add(group);
    }

    private void remove(String group, long timeMs) {
        Set<String> at = byTime.get(timeMs);
        if (at != null && at.remove(group) && at.isEmpty()) {
            byTime.remove(timeMs);
        }
    }

    /** {@link ClassicGroup#NEVER} if there is none. */
    long nextMs() {
        return byTime.isEmpty() ? ClassicGroup.NEVER : byTime.firstKey();
    }

    /** Those whose time has come, without their alarms. */
    List<String> takeDue(long nowMs) {
        List<String> due = new ArrayList<>();
        while (nextMs() <= nowMs) {
            due.addAll(byTime.remove(byTime.firstKey()));
        }
        due.forEach(timeOf::remove);
        return due;
    }
}
