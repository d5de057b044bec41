package io.millrace.server.command;

import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.GroupMember;
import io.millrace.server.client.GroupOffsets;
import io.millrace.server.client.ReadRecord;
import io.millrace.server.client.RecordReader;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace consume}: prints the records of a topic. */
@Command(
        name = "consume",
        description = "Prints the records of a topic, from its beginning to its end unless you say otherwise.",
        footer = {"", "FROM and TO are " + Place.FORMS + ".", "What a format may have: " + RecordFormat.LETTERS + "."},
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ConsumeCommand implements Callable<Integer> {

    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
    private static final String DEFAULT_FORMAT = "%v\\n";

    @Mixin
    private NodeAccess node;

    @Parameters(paramLabel = "TOPIC", description = "What to read.")
    private String topic;

    @Option(
            names = {"-f", "--from"},
            paramLabel = "FROM",
            defaultValue = "beginning",
            description = "Where to begin; with --group, where the group has no position.")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "TO",
            defaultValue = "end",
            description = "Where to end; that record is not read.")
    private String to;

    @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many records.")
    private @Nullable Long count;

    @Option(names = "--partition", split = ",", paramLabel = "N", description = "Only these partitions.")
    private @Nullable List<Integer> partitions;

    @Option(names = "--group", paramLabel = "GROUP", description = "Read as a member of this group, and commit.")
    private @Nullable String group;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = DEFAULT_FORMAT, description = "Default %%v\\n.")
    private String format;

    @Option(names = "--read-committed", description = "Leave out what is in open or aborted transactions.")
    private boolean readCommitted;

    @Override
    public Integer call() {
        if (count != null && count < 1) {
            throw new CommandRefused("--count must be 1 or more.");
        }
        if (group != null && partitions != null) {
            throw new CommandRefused("a group says itself which partitions its members read: leave out --partition.");
        }
        RecordFormat parsed = RecordFormat.parse(format);
        PrintStream out = node.console().out();
        Printer printer = new Printer(record -> {
            if (node.isJson()) {
                out.println(RecordFormat.json(record));
            } else {
                parsed.print(record, out);
            }
        });
        try (ClusterClient cluster = node.open();
                StopRequest stop = new StopRequest()) {
            cluster.topic(topic);
            if (group == null) {
                readAlone(cluster, printer, stop);
            } else {
                readInGroup(cluster, group, printer, stop);
            }
            return 0;
        } finally {
            out.flush();
        }
    }

    /** Counts what it prints. */
    private final class Printer {
        private final java.util.function.Consumer<ReadRecord> print;
        private long printed;

        Printer(java.util.function.Consumer<ReadRecord> print) {
            this.print = print;
        }

        boolean take(ReadRecord record, Map<TopicPartition, Long> ends) {
            if (follow || record.offset() < ends.getOrDefault(record.partition(), 0L)) {
                print.accept(record);
                printed++;
            }
            return !isFull();
        }

        boolean isFull() {
            return count != null && printed >= count;
        }
    }

    private IsolationLevel isolation() {
        return readCommitted ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
    }

    private void readAlone(ClusterClient cluster, Printer printer, StopRequest stop) {
        List<TopicPartition> chosen = chosen(cluster);
        Places places = new Places(cluster, isolation());
        Map<TopicPartition, Long> ends = ends(places, chosen);
        RecordReader reader =
                new RecordReader(cluster, isolation(), places.find(chosen, Place.parse(from, Instant.now())));
        while (!stop.isAsked() && step(reader, ends, printer)) {
            // everything is done in the condition
        }
    }

    private List<TopicPartition> chosen(ClusterClient cluster) {
        List<TopicPartition> all = TopicsCommand.partitions(cluster.topic(topic));
        if (partitions == null) {
            return all;
        }
        List<TopicPartition> chosen = new ArrayList<>();
        for (int partition : partitions) {
            if (partition < 0 || partition >= all.size()) {
                throw new CommandRefused(
                        "topic " + topic + " has partitions 0 to " + (all.size() - 1) + ", no " + partition + ".");
            }
            chosen.add(all.get(partition));
        }
        return chosen;
    }

    private Map<TopicPartition, Long> ends(Places places, List<TopicPartition> chosen) {
        return follow ? Map.of() : places.find(chosen, Place.parse(to, Instant.now()));
    }

    /** False when all is read that was wanted, or nobody reads what is printed any more. */
    private boolean step(RecordReader reader, Map<TopicPartition, Long> ends, Printer printer) {
        if (!follow) {
            reader.positions().forEach((partition, position) -> {
                if (position >= ends.getOrDefault(partition, 0L)) {
                    reader.drop(partition);
                }
            });
            if (reader.positions().isEmpty()) {
                return false;
            }
        }
        boolean wantsMore = reader.read(WAIT, record -> printer.take(record, ends));
        return !node.console().out().checkError() && wantsMore;
    }

    private void readInGroup(ClusterClient cluster, String name, Printer printer, StopRequest stop) {
        GroupMember member = new GroupMember(cluster, name, List.of(topic));
        boolean isOver = false;
        while (!isOver && !stop.isAsked()) {
            List<TopicPartition> own = member.join();
            isOver = readOwn(cluster, name, member, own, printer, stop);
        }
        member.leave();
    }

    /** False if the group has to be joined again. */
    private boolean readOwn(
            ClusterClient cluster,
            String name,
            GroupMember member,
            List<TopicPartition> own,
            Printer printer,
            StopRequest stop) {
        Places places = new Places(cluster, isolation());
        Map<TopicPartition, Long> begins = new TreeMap<>();
        Map<TopicPartition, Long> ends = Map.of();
        if (!own.isEmpty()) {
            begins.putAll(places.find(own, Place.parse(from, Instant.now())));
            Map<TopicPartition, Long> committed = new GroupOffsets(cluster, name).committed();
            // What was committed may have been deleted since.
            places.beginnings(own).forEach((one, beginning) -> {
                if (committed.containsKey(one)) {
                    begins.put(one, Math.max(beginning, committed.get(one)));
                }
            });
            ends = ends(places, own);
        }
        RecordReader reader = new RecordReader(cluster, isolation(), begins);
        Map<TopicPartition, Long> read = new TreeMap<>(begins);
        long committedNs = System.nanoTime();
        boolean goesOn = true;
        boolean keeps = true;
        while (goesOn && keeps && !stop.isAsked()) {
            goesOn = own.isEmpty() ? waitForWork() : step(reader, ends, printer);
            read.putAll(reader.positions());
            if (System.nanoTime() - committedNs > COMMIT_EVERY.toNanos()) {
                committedNs = System.nanoTime();
                keeps = member.commit(read);
            }
            keeps = keeps && member.keep();
        }
        // Also while the group is being joined again, so that nobody reads this once more; unless it has given up this
        // member.
        boolean committed = member.commit(bounded(read, ends));
        return keeps && committed;
    }

    /** A member without partitions stays only to take over from others. */
    private boolean waitForWork() {
        java.util.concurrent.locks.LockSupport.parkNanos(WAIT.toNanos());
        return follow;
    }

    /** Behind the end that was asked for, nothing counts as read. */
    private Map<TopicPartition, Long> bounded(Map<TopicPartition, Long> read, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> bounded = new TreeMap<>(read);
        if (!follow) {
            bounded.replaceAll((partition, position) -> Math.min(position, ends.getOrDefault(partition, position)));
        }
        return bounded;
    }
}
