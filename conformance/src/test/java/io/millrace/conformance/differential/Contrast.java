package io.millrace.conformance.differential;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Two answers beside each other. Told is what comes first: an element that only one of them has and not its fields, an error and
 * not what follows from it.
 */
final class Contrast {

    private static final String THERE = "(there)";
    private static final String ERROR = "errorCode";

    private final String where;
    private final SortedMap<String, String> there;
    private final SortedMap<String, String> here;
    private final List<Difference> found = new ArrayList<>();
    private final Set<String> told = new LinkedHashSet<>();

    private Contrast(String where, SortedMap<String, String> there, SortedMap<String, String> here) {
        this.where = where;
        this.there = there;
        this.here = here;
    }

    static List<Difference> of(String where, SortedMap<String, String> there, SortedMap<String, String> here) {
        var contrast = new Contrast(where, there, here);
        if (there.containsKey("") || here.containsKey("")) {
            contrast.note("", whole(there), whole(here));
        } else {
            contrast.compare();
        }
        return contrast.found;
    }

    private void compare() {
        var paths = new TreeSet<>(there.keySet());
        paths.addAll(here.keySet());
        for (var path : paths) {
            var container = container(path);
            if (path.endsWith(ERROR) && there.containsKey(path) && here.containsKey(path) && !isTold(path)) {
                if (note(path, there.get(path), here.get(path))) {
                    told.add(container);
                }
            }
        }
        paths.forEach(this::elements);
        for (var path : paths) {
            if (!isTold(path) && !isSizeOfTold(path)) {
                note(path, there.getOrDefault(path, Difference.ABSENT), here.getOrDefault(path, Difference.ABSENT));
            }
        }
    }

    /** Tells of the outermost element on the way to this path that only one of them has. */
    private void elements(String path) {
        for (var end = path.indexOf(']'); end >= 0; end = path.indexOf(']', end + 1)) {
            var element = path.substring(0, end + 1);
            var isThere = has(there, element);
            var isHere = has(here, element);
            if (isThere != isHere && !isTold(element)) {
                note(element, isThere ? THERE : Difference.ABSENT, isHere ? THERE : Difference.ABSENT);
                told.add(element);
            }
        }
    }

    private static boolean has(SortedMap<String, String> answer, String element) {
        var rest = answer.tailMap(element);
        return !rest.isEmpty() && rest.firstKey().startsWith(element);
    }

    private static String container(String path) {
        var end = path.lastIndexOf('.');
        return end < 0 ? "" : path.substring(0, end);
    }

    private boolean isTold(String path) {
        return told.stream().anyMatch(path::startsWith);
    }

    private boolean isSizeOfTold(String path) {
        return path.endsWith(".size") && told.stream().anyMatch(one -> one.startsWith(container(path) + "["));
    }

    private boolean note(String path, String one, String other) {
        if (!one.equals(other)) {
            found.add(new Difference(where, path, one, other));
        }
        return !one.equals(other);
    }

    private static String whole(SortedMap<String, String> answer) {
        var errors = answer.entrySet().stream()
                .filter(line -> line.getKey().endsWith("rrorCode"))
                .map(line -> line.getValue())
                .distinct()
                .sorted()
                .toList();
        return answer.getOrDefault("", "an answer " + errors);
    }
}
