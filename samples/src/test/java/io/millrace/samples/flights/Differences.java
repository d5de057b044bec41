package io.millrace.samples.flights;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Two large maps, compared so that a person can read the result. */
public final class Differences {

    private static final int SHOWN_MAX = 10;

    private Differences() {}

    /** The first few keys whose values differ, and how many more there are; empty if the maps are equal. */
    public static <K, V> List<String> between(Map<K, V> found, Map<K, V> expected) {
        var keys = new HashSet<>(expected.keySet());
        keys.addAll(found.keySet());
        var differences = new ArrayList<String>();
        for (var key : keys) {
            if (!String.valueOf(found.get(key)).equals(String.valueOf(expected.get(key)))) {
                differences.add(key + ": found " + found.get(key) + ", expected " + expected.get(key));
            }
        }
        var count = differences.size();
        var shown = new ArrayList<>(differences.subList(0, Math.min(SHOWN_MAX, count)));
        if (count > SHOWN_MAX) {
            shown.add("and " + (count - SHOWN_MAX) + " more");
        }
        return shown;
    }
}
