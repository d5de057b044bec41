package io.millrace.conformance.admin;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a tool printed, without what differs from run to run: addresses, ids, times, rates, paths, and the width of columns. */
final class ToolOutput {

    /** What the tools' own logging says is of the tools, not of the node. */
    private static final Pattern LOG =
            Pattern.compile("^\\[?\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d.*\\b(DEBUG|INFO|WARN|ERROR)\\b.*");

    private static final Pattern STACK = Pattern.compile(
            "^\\s*(at |\\.\\.\\. \\d+ more|Caused by: |[\\w.$]+(Exception|Ended): |the tool has ended).*");

    /** The wording of an error is the node's own, its class is not. */
    private static final Pattern MESSAGE =
            Pattern.compile("((?:[\\w.]+\\.)?\\w+Exception:|Error while executing topic command :).*");

    private static final List<Map.Entry<Pattern, String>> NAMES = List.of(
            entry("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[.:,]\\d{3}(Z|\\+0000)?", "<time>"),
            entry("(127\\.0\\.0\\.1|localhost):\\d+", "<address>"),
            entry("127\\.0\\.0\\.1\\s+\\d+", "<address>"),
            entry("min\\.insync\\.replicas=1,?", ""), // written down by Kafka for the whole cluster
            entry(",?durability=os", ""), // how this node is started
            entry("\\b[\\w-]*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
            entry("(?<=TopicId: |Cluster ID: |TopicId:)[\\w-]{22}", "<id>"),
            entry("\"logDir\":\"[^\"]*\"", "\"logDir\":<path>"),
            entry("\"(size|timestamp|offsetLag)\":\\d+", "\"$1\":<number>"),
            entry("\"(target_throughput|avg_throughput)\":-?[\\d.]+", "\"$1\":<number>"),
            entry("-?\\d+\\.\\d+([eE]-?\\d+)?", "<number>"),
            entry(
                    "(?<=MaxFollowerLagTimeMs: |HighWatermark: |LeaderEpoch: |MaxFollowerLag: |Epoch: )\\s*-?\\d+",
                    "<number>"));

    private ToolOutput() {}

    private static Map.Entry<Pattern, String> entry(String pattern, String name) {
        return Map.entry(Pattern.compile(pattern), name);
    }

    /** Line by line, sorted: the order of most of what tools list is that of a hash table. */
    static List<String> comparable(String printed) {
        return printed.lines()
                .filter(line ->
                        !LOG.matcher(line).matches() && !STACK.matcher(line).matches())
                .map(ToolOutput::named)
                .filter(line -> !line.isEmpty())
                .sorted()
                .toList();
    }

    /** The same without any number, each line once: of tools that measure. */
    static List<String> shape(String printed) {
        return comparable(printed).stream()
                .map(line -> line.replaceAll("-?\\d+", "#").replace("<number>", "#"))
                .distinct()
                .toList();
    }

    private static String named(String line) {
        var text = MESSAGE.matcher(line).replaceAll("$1 <message>");
        for (var name : NAMES) {
            text = name.getKey().matcher(text).replaceAll(name.getValue());
        }
        return text.replaceAll("\\s+", " ").strip();
    }
}
