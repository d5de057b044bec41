package io.millrace.conformance.admin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kafka.admin.ConfigCommand;
import org.apache.kafka.tools.ClusterTool;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.ConsumerPerformance;
import org.apache.kafka.tools.DeleteRecordsCommand;
import org.apache.kafka.tools.EndToEndLatency;
import org.apache.kafka.tools.FeatureCommand;
import org.apache.kafka.tools.GetOffsetShell;
import org.apache.kafka.tools.LogDirsCommand;
import org.apache.kafka.tools.ProducerPerformance;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.VerifiableConsumer;
import org.apache.kafka.tools.VerifiableProducer;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;

/** The commands that an operator gives to Kafka's tools, one after another, and some that they refuse. */
final class ToolCourse {

    private enum Kind {
        PRINTS,
        /** Prints other numbers each time. */
        MEASURES,
        /** The same, and its last words when its process ends. */
        MEASURES_ALONE
    }

    private record Step(String name, Kind kind, Class<?> tool, String input, List<String> args) {

        List<String> run(String address) throws Exception {
            var given = args.stream()
                    .map(arg -> arg.equals("ADDRESS") ? address : arg)
                    .toArray(String[]::new);
            var outcome = kind == Kind.MEASURES_ALONE ? Tool.spawn(tool, given) : Tool.run(input, tool, given);
            var lines = new ArrayList<String>(List.of("status " + outcome.status()));
            lines.addAll(kind == Kind.PRINTS ? ToolOutput.comparable(outcome.out()) : ToolOutput.shape(outcome.out()));
            return lines;
        }
    }

    private final List<Step> steps = new ArrayList<>();

    private ToolCourse() {}

    /** @param directory for the files that tools read */
    static ToolCourse all(Path directory) throws Exception {
        var course = new ToolCourse();
        course.topics();
        course.configs();
        course.records(directory);
        course.groups();
        course.measurements();
        course.cluster();
        return course;
    }

    /** What each command printed, and the status it ended with, by the command. */
    Map<String, List<String>> run(String address) throws Exception {
        var outcomes = new LinkedHashMap<String, List<String>>();
        for (var step : steps) {
            outcomes.put(step.name(), step.run(address));
        }
        return outcomes;
    }

    private void add(Class<?> tool, String command) {
        add(tool, "", command);
    }

    private void add(Class<?> tool, String input, String command) {
        add(Kind.PRINTS, tool, input, command);
    }

    private void add(Kind kind, Class<?> tool, String input, String command) {
        var args = new ArrayList<String>();
        if (tool != ClusterTool.class) {
            args.addAll(List.of("--bootstrap-server", "ADDRESS"));
        }
        args.addAll(Arrays.asList(command.split(" ")));
        steps.add(new Step(steps.size() + " " + tool.getSimpleName() + " " + command, kind, tool, input, args));
    }

    private void topics() {
        for (var command : List.of(
                "--create --topic routes --partitions 2 --config retention.ms=1000",
                "--create --topic routes",
                "--create --if-not-exists --topic routes",
                "--create --topic by-hand --replica-assignment 1,1",
                "--create --topic wide --replication-factor 3",
                "--create --topic a/b",
                "--create --topic none --partitions 0",
                "--create --topic wrong --config retention.ms=x",
                "--create --topic wrong --config no.such=1",
                "--describe --topic routes",
                "--describe --topic routes --partition-size-limit-per-response 1",
                "--describe --topic nowhere",
                "--describe --under-replicated-partitions",
                "--describe --unavailable-partitions",
                "--describe --topics-with-overrides --exclude-internal",
                "--alter --topic routes --partitions 3",
                "--alter --topic routes --partitions 1",
                "--alter --topic nowhere --partitions 3",
                "--list --exclude-internal",
                "--delete --topic by-hand",
                "--delete --topic nowhere",
                "--list --exclude-internal")) {
            add(TopicCommand.class, command);
        }
    }

    private void configs() {
        for (var command : List.of(
                "--entity-type topics --entity-name routes --alter --add-config cleanup.policy=[compact,delete],segment.ms=5000",
                "--entity-type topics --entity-name routes --describe",
                "--entity-type topics --entity-name routes --alter --delete-config segment.ms",
                "--entity-type topics --entity-name routes --alter --delete-config flush.ms",
                "--entity-type topics --entity-name routes --alter --add-config no.such=1",
                "--entity-type topics --entity-name routes --alter --add-config retention.ms=x",
                "--entity-type topics --entity-name nowhere --describe",
                "--entity-type topics --entity-name nowhere --alter --add-config retention.ms=1",
                "--entity-type brokers --entity-default --alter --add-config log.segment.bytes=2000000",
                "--entity-type brokers --entity-name 1 --alter --add-config log.retention.ms=700000",
                "--entity-type brokers --entity-name 1 --describe",
                "--entity-type brokers --entity-name 1 --alter --delete-config log.retention.ms",
                "--entity-type brokers --entity-default --alter --delete-config log.segment.bytes",
                "--entity-type brokers --entity-default --alter --add-config node.id=7",
                "--entity-type brokers --entity-name 7 --alter --add-config log.retention.ms=1",
                "--entity-type brokers --entity-name 7 --describe",
                "--entity-type groups --entity-name board --alter --add-config consumer.heartbeat.interval.ms=6000",
                "--entity-type groups --entity-name board --alter --add-config consumer.heartbeat.interval.ms=1",
                "--entity-type groups --entity-name board --describe",
                "--entity-type groups --describe",
                "--entity-type groups --entity-name board --alter --delete-config consumer.heartbeat.interval.ms",
                "--entity-type clients --entity-name board --alter --add-config producer_byte_rate=1024",
                "--entity-type clients --entity-name board --describe",
                "--entity-type clients --entity-default --alter --add-config request_percentage=50",
                "--entity-type clients --describe",
                "--entity-type clients --entity-name board --alter --delete-config producer_byte_rate",
                "--entity-type clients --entity-default --alter --delete-config request_percentage",
                "--entity-type users --entity-name anna --alter --add-config consumer_byte_rate=1024",
                "--entity-type users --entity-name anna --describe",
                "--entity-type users --entity-name anna --entity-type clients --entity-name c --alter --add-config producer_byte_rate=1",
                "--entity-type users --entity-name anna --entity-type clients --entity-name c --describe",
                "--entity-type ips --entity-name 127.0.0.1 --alter --add-config connection_creation_rate=1000",
                "--entity-type ips --entity-name 127.0.0.1 --describe",
                "--entity-type client-metrics --entity-name all --alter --add-config interval.ms=1000,metrics=[org.apache]",
                "--entity-type client-metrics --entity-name all --describe",
                "--entity-type client-metrics --entity-name all --alter --delete-config interval.ms,metrics")) {
            add(ConfigCommand.class, command);
        }
    }

    private void records(Path directory) throws Exception {
        add(TopicCommand.class, "--create --topic delays --partitions 2");
        add(
                ConsoleProducer.class,
                "AA:5\nUA:7\nAA:9\nDL:1\n",
                "--topic delays --reader-property parse.key=true --reader-property key.separator=:");
        add(
                ConsoleConsumer.class,
                "--topic delays --from-beginning --max-messages 4 --group board --formatter-property print.key=true"
                        + " --formatter-property print.partition=true --formatter-property print.offset=true");
        add(ConsoleConsumer.class, "--topic delays --partition 0 --offset 0 --timeout-ms 500");
        for (var command : List.of(
                "--topic delays",
                "--topic delays --time -2",
                "--topic delays --time earliest",
                "--topic delays --time 0",
                "--topic-partitions delays:1",
                "--topic nowhere")) {
            add(GetOffsetShell.class, command);
        }
        add(LogDirsCommand.class, "--describe --topic-list delays");
        add(LogDirsCommand.class, "--describe --topic-list nowhere");
        delete(directory, "below", 1);
        delete(directory, "beyond", 99);
        add(GetOffsetShell.class, "--topic delays --time -2");
    }

    private void delete(Path directory, String file, int offset) throws Exception {
        var json = directory.resolve(file + ".json");
        Files.writeString(
                json,
                "{\"partitions\":[{\"topic\":\"delays\",\"partition\":0,\"offset\":" + offset + "}],\"version\":1}");
        add(DeleteRecordsCommand.class, "--offset-json-file " + json);
    }

    private void groups() {
        for (var command : List.of(
                "--list",
                "--list --state",
                "--list --type",
                "--describe --group board",
                "--describe --group board --state",
                "--describe --group board --members --verbose",
                "--describe --group board --offsets --verbose",
                "--describe --all-groups",
                "--describe --group nobody",
                "--reset-offsets --group board --topic delays --to-earliest --dry-run",
                "--reset-offsets --group board --topic delays --to-latest --execute",
                "--reset-offsets --group board --topic delays:0 --to-offset 1 --execute",
                "--reset-offsets --group board --topic delays --shift-by -1 --execute",
                "--reset-offsets --group board --topic delays --to-datetime 2020-01-01T00:00:00.000 --execute",
                "--reset-offsets --group board --all-topics --to-current --export --dry-run",
                "--reset-offsets --group fresh --topic delays --to-earliest --execute",
                "--describe --group fresh",
                "--delete-offsets --group fresh --topic delays",
                "--delete-offsets --group nobody --topic delays",
                "--delete --group board",
                "--delete --group board",
                "--list")) {
            add(ConsumerGroupCommand.class, command);
        }
    }

    private void measurements() {
        add(TopicCommand.class, "--create --topic load");
        add(
                Kind.MEASURES,
                ProducerPerformance.class,
                "",
                "--topic load --num-records 1000 --record-size 100 --throughput -1");
        add(Kind.MEASURES, ConsumerPerformance.class, "", "--topic load --num-records 1000");
        add(
                Kind.MEASURES,
                EndToEndLatency.class,
                "",
                "--topic latency --num-records 20 --producer-acks all --record-size 20");
        add(Kind.MEASURES_ALONE, VerifiableProducer.class, "", "--topic verified --max-messages 10 --throughput 1000");
        add(
                Kind.MEASURES_ALONE,
                VerifiableConsumer.class,
                "",
                "--topic verified --group-id verifiers --max-messages 10");
    }

    private void cluster() {
        add(FeatureCommand.class, "describe");
        add(ClusterTool.class, "cluster-id --bootstrap-server ADDRESS");
        add(ClusterTool.class, "list-endpoints --bootstrap-server ADDRESS");
        add(TopicCommand.class, "--delete --topic delays");
    }
}
