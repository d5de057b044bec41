package io.millrace.conformance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
import org.apache.kafka.tools.MetadataQuorumCommand;
import org.apache.kafka.tools.ProducerPerformance;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.VerifiableConsumer;
import org.apache.kafka.tools.VerifiableProducer;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's command line tools print what they print on Apache Kafka. */
class KafkaToolsIT {

    private static final String BOOTSTRAP = "--bootstrap-server";

    @TempDir
    static Path directory;

    private static ConfiguredNode node;

    @BeforeAll
    static void serve() throws Exception {
        node = new ConfiguredNode(directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String run(Class<?> tool, String... args) throws Exception {
        return run("", tool, args);
    }

    private static String run(String input, Class<?> tool, String... args) throws Exception {
        Tool.Outcome outcome = Tool.run(input, tool, args);
        assertThat(outcome.status()).as(outcome.out()).isZero();
        return outcome.out();
    }

    private static String topics(String... args) throws Exception {
        return run(TopicCommand.class, with(args));
    }

    private static String configs(String... args) throws Exception {
        return run(ConfigCommand.class, with(args));
    }

    private static String[] with(String... args) {
        var all = new String[args.length + 2];
        all[0] = BOOTSTRAP;
        all[1] = node.address();
        System.arraycopy(args, 0, all, 2, args.length);
        return all;
    }

    private static void create(String topic, int partitions) throws Exception {
        topics("--create", "--topic", topic, "--partitions", Integer.toString(partitions));
    }

    private static void produce(String topic, String... lines) throws Exception {
        run(
                String.join("\n", lines) + "\n",
                ConsoleProducer.class,
                with("--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"));
    }

    @Test
    void topics() throws Exception {
        assertThat(topics("--create", "--topic", "routes", "--partitions", "2", "--config", "retention.ms=1000"))
                .contains("Created topic routes.");
        var described = topics("--describe", "--topic", "routes");
        assertThat(described)
                .contains("PartitionCount: 2\tReplicationFactor: 1\tConfigs: retention.ms=1000")
                .contains("Topic: routes\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: ");
        topics("--alter", "--topic", "routes", "--partitions", "3");
        assertThat(topics("--describe", "--topic", "routes")).contains("PartitionCount: 3");
        assertThat(topics("--list")).contains("routes");
        topics("--delete", "--topic", "routes");
        assertThat(topics("--list")).doesNotContain("routes");
        var refused = Tool.run(TopicCommand.class, with("--create", "--topic", "routes", "--replication-factor", "3"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("InvalidReplicationFactorException");
    }

    @Test
    void configsOfTopicsNodesAndGroups() throws Exception {
        create("planes", 1);
        var topic = new String[] {"--entity-type", "topics", "--entity-name", "planes"};

        assertThat(configs(join(topic, "--alter", "--add-config", "retention.ms=1000,cleanup.policy=[compact,delete]")))
                .contains("Completed updating config for topic planes.");
        assertThat(configs(join(topic, "--describe")))
                .contains("Dynamic configs for topic planes are:")
                .contains("retention.ms=1000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1000}")
                .contains("cleanup.policy=compact,delete");
        configs(join(topic, "--alter", "--delete-config", "retention.ms"));
        assertThat(configs(join(topic, "--describe"))).doesNotContain("retention.ms");

        var nodes = new String[] {"--entity-type", "brokers", "--entity-default"};
        configs(join(nodes, "--alter", "--add-config", "log.segment.bytes=2000000"));
        assertThat(configs(join(nodes, "--describe")))
                .contains("Default configs for brokers in the cluster are:")
                .contains("log.segment.bytes=2000000");
        assertThat(configs("--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"))
                .contains("All configs for broker 1 are:")
                .contains("num.partitions=1 sensitive=false synonyms={DEFAULT_CONFIG:num.partitions=1}");
        configs(join(nodes, "--alter", "--delete-config", "log.segment.bytes"));

        var group = new String[] {"--entity-type", "groups", "--entity-name", "board"};
        configs(join(group, "--alter", "--add-config", "consumer.heartbeat.interval.ms=6000"));
        assertThat(configs(join(group, "--describe"))).contains("consumer.heartbeat.interval.ms=6000");

        var client = new String[] {"--entity-type", "clients", "--entity-name", "board"};
        configs(join(client, "--alter", "--add-config", "producer_byte_rate=1024"));
        assertThat(configs(join(client, "--describe")))
                .contains("Quota configs for client-id 'board' are producer_byte_rate=1024.0");
    }

    private static String[] join(String[] first, String... more) {
        var all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    @Test
    void consoleProducerConsumerAndGroups() throws Exception {
        create("delays", 1);
        produce("delays", "AA:5", "UA:7", "AA:9");

        assertThat(run(
                        ConsoleConsumer.class,
                        with(
                                "--topic",
                                "delays",
                                "--from-beginning",
                                "--max-messages",
                                "2",
                                "--group",
                                "board",
                                "--formatter-property",
                                "print.key=true")))
                .contains("AA\t5\nUA\t7\n")
                .contains("Processed a total of 2 messages");
        assertThat(groups("--list")).contains("board");
        assertThat(groups("--describe", "--group", "board")).containsPattern("board +delays +0 +2 +3 +1 +- +- +-");
        assertThat(groups("--describe", "--group", "board", "--state")).contains("Empty");
        assertThat(groups("--reset-offsets", "--group", "board", "--topic", "delays", "--to-earliest", "--execute"))
                .containsPattern("board +delays +0 +0");
        assertThat(groups("--describe", "--group", "board")).containsPattern("board +delays +0 +0 +3 +3");
        assertThat(groups("--delete", "--group", "board"))
                .contains("Deletion of requested consumer groups ('board') was successful.");
    }

    private static String groups(String... args) throws Exception {
        return run(ConsumerGroupCommand.class, with(args));
    }

    @Test
    void recordsAreCountedMeasuredAndDeleted() throws Exception {
        create("airports", 1);
        produce("airports", "a:1", "b:2", "c:3");

        assertThat(run(GetOffsetShell.class, with("--topic", "airports"))).contains("airports:0:3");
        assertThat(run(GetOffsetShell.class, with("--topic", "airports", "--time", "-2")))
                .contains("airports:0:0");
        assertThat(run(GetOffsetShell.class, with("--topic", "airports", "--time", "-3")))
                .containsPattern("airports:0:[012]");
        Path json = directory.resolve("delete.json");
        Files.writeString(
                json, "{\"partitions\":[{\"topic\":\"airports\",\"partition\":0,\"offset\":2}],\"version\":1}");
        assertThat(run(DeleteRecordsCommand.class, with("--offset-json-file", json.toString())))
                .contains("partition: airports-0\tlow_watermark: 2");
        assertThat(run(GetOffsetShell.class, with("--topic", "airports", "--time", "-2")))
                .contains("airports:0:2");
        assertThat(run(LogDirsCommand.class, with("--describe", "--topic-list", "airports")))
                .contains("\"partition\":\"airports-0\"")
                .contains("\"broker\":1");
    }

    @Test
    void theClusterItsQuorumAndItsFeatures() throws Exception {
        assertThat(run(ClusterTool.class, "cluster-id", BOOTSTRAP, node.address()))
                .contains("Cluster ID: ");
        assertThat(run(ClusterTool.class, "list-endpoints", BOOTSTRAP, node.address()))
                .contains("127.0.0.1");
        assertThat(run(MetadataQuorumCommand.class, with("describe", "--status")))
                .containsPattern("LeaderId: +1")
                .contains("CurrentVoters:");
        run(FeatureCommand.class, with("describe"));
    }

    @Test
    void producersAndConsumersAreMeasured() throws Exception {
        create("load", 1);

        assertThat(run(
                        ProducerPerformance.class,
                        with("--topic", "load", "--num-records", "1000", "--record-size", "100", "--throughput", "-1")))
                .contains("1000 records sent");
        assertThat(run(ConsumerPerformance.class, with("--topic", "load", "--num-records", "1000")))
                .contains("start.time, end.time, data.consumed.in.MB")
                .containsPattern(", 1000, ");
        assertThat(run(
                        EndToEndLatency.class,
                        with(
                                "--topic",
                                "latency",
                                "--num-records",
                                "20",
                                "--producer-acks",
                                "all",
                                "--record-size",
                                "20")))
                .contains("Avg latency: ")
                .contains("Percentiles: 50th = ");
    }

    @Test
    void theVerifiableOnes() throws Exception {
        create("verified", 1);

        var produced = Tool.spawn(
                VerifiableProducer.class, with("--topic", "verified", "--max-messages", "10", "--throughput", "1000"));
        assertThat(produced.status()).isZero();
        assertThat(produced.out())
                .contains("\"name\":\"producer_send_success\"")
                .contains("\"offset\":9");
        var consumed = Tool.spawn(
                VerifiableConsumer.class,
                with("--topic", "verified", "--group-id", "verifiers", "--max-messages", "10"));
        assertThat(consumed.status()).isZero();
        assertThat(consumed.out())
                .contains("\"name\":\"partitions_assigned\"")
                .contains("\"count\":10")
                .contains("\"name\":\"offsets_committed\"");
    }
}
