package io.millrace.conformance.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;

/** Runs scripts on both sides, step by step, and gathers what differs. */
final class Comparison {

    /** A step that takes longer is told: what waits for a "not yet" in vain makes the test slow. */
    private static final long SLOW_NS = 2_000_000_000L;

    private final Side kafka;
    private final Side millrace;
    private final List<Difference> differences = new ArrayList<>();
    private final SortedMap<String, Integer> leftOut = new TreeMap<>();
    private int compared;

    Comparison(Side kafka, Side millrace) {
        this.kafka = kafka;
        this.millrace = millrace;
    }

    List<Difference> differences() {
        return differences;
    }

    /** Steps that were compared. */
    int compared() {
        return compared;
    }

    /** How many steps were left out, by the API that is missing. */
    SortedMap<String, Integer> leftOut() {
        return leftOut;
    }

    /** After which errors the two were asked again, and how often. */
    SortedMap<String, Integer> askedAgain() {
        var all = new TreeMap<>(kafka.askedAgain());
        all.putAll(millrace.askedAgain());
        return all;
    }

    void run(Script script) throws IOException {
        var missing = script.needed().stream().filter(api -> newest(api) < 0).findFirst();
        if (missing.isPresent()) {
            leftOut.merge(missing.get().name(), script.steps().size(), Integer::sum);
            return;
        }
        var steps = script.steps();
        for (var i = 0; i < steps.size(); i++) {
            var keeps = keepsAfter(steps, i);
            run(script.name(), steps.get(i), keeps);
            i += keeps.size();
        }
        kafka.endScript();
        millrace.endScript();
    }

    private static List<Script.Keep> keepsAfter(List<Script.Step> steps, int step) {
        var keeps = new ArrayList<Script.Keep>();
        for (var next = step + 1; next < steps.size() && steps.get(next) instanceof Script.Keep keep; next++) {
            keeps.add(keep);
        }
        return keeps;
    }

    /** @param keeps what is kept of the answer, before it is compared: what is kept is then known by its name */
    private void run(String script, Script.Step step, List<Script.Keep> keeps) throws IOException {
        if (step instanceof Script.Call call) {
            for (var version : versions(call.api(), call.version(), call.body())) {
                call(script + "/" + call.name() + " v" + version, script, call, version, keeps);
            }
        } else if (step instanceof Script.Ask ask) {
            for (var version : versions(ask.api(), ask.version(), ask.body())) {
                kafka.ask(ask.connection(), ask.api(), version, ask.body(), ask.isAnswered());
                millrace.ask(ask.connection(), ask.api(), version, ask.body(), ask.isAnswered());
            }
        } else if (step instanceof Script.Answer answer) {
            kafka.answer(answer.connection());
            millrace.answer(answer.connection());
            keeps.forEach(keep -> keep(script, keep));
            compare(script + "/" + answer.name());
        } else if (step instanceof Script.Raw raw) {
            kafka.raw(raw);
            millrace.raw(raw);
            compare(script + "/" + raw.name());
        } else if (step instanceof Script.HangUp end) {
            kafka.hangUp(end.connection());
            millrace.hangUp(end.connection());
        }
    }

    private void call(String where, String script, Script.Call call, short version, List<Script.Keep> keeps)
            throws IOException {
        var begun = System.nanoTime();
        kafka.call(call, version);
        var between = System.nanoTime();
        millrace.call(call, version);
        tellSlow(where, between - begun, System.nanoTime() - between);
        keeps.forEach(keep -> keep(script, keep));
        if (call.isCompared()) {
            compare(where);
        }
    }

    private void compare(String where) {
        compared++;
        differences.addAll(Contrast.of(where, kafka.lastAnswer(), millrace.lastAnswer()));
    }

    private void keep(String script, Script.Keep keep) {
        var there = kafka.keep(keep.variable(), keep.path());
        var here = millrace.keep(keep.variable(), keep.path());
        if (!there || !here) {
            leftOut.merge("what " + script + " keeps as " + keep.variable(), 1, Integer::sum);
        }
    }

    private static void tellSlow(String where, long thereNs, long hereNs) {
        if (Math.max(thereNs, hereNs) > SLOW_NS) {
            System.out.println("differential, slow: " + where + ", Kafka " + thereNs / 1_000_000 + " ms, Millrace "
                    + hereNs / 1_000_000 + " ms");
        }
    }

    private int newest(ApiKeys api) {
        return Math.min(api.latestVersion(true), Math.min(kafka.highest(api), millrace.highest(api)));
    }

    private List<Short> versions(ApiKeys api, int wanted, String body) {
        var newest = newest(api);
        var lowest = Math.max(api.oldestVersion(), Math.max(kafka.lowest(api), millrace.lowest(api)));
        var versions = new ArrayList<Short>();
        if (kafka.knows(body) && millrace.knows(body)) {
            var from = wanted == Script.EVERY ? lowest : wanted == Script.NEWEST ? newest : wanted;
            var to = wanted >= 0 ? wanted : newest;
            for (var version = from; version <= to && version >= lowest && version <= newest; version++) {
                versions.add((short) version);
            }
        }
        if (versions.isEmpty()) {
            leftOut.merge(newest < 0 ? api.name() : api.name() + " in version " + wanted, 1, Integer::sum);
        }
        return versions;
    }
}
