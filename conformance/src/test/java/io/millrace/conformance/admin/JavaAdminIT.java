package io.millrace.conformance.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own admin client. */
class JavaAdminIT {

    private static final ConfigResource FLIGHTS = new ConfigResource(Type.TOPIC, "flights");
    private static final ConfigResource ALL_NODES = new ConfigResource(Type.BROKER, "");
    private static final ConfigResource NODE = new ConfigResource(Type.BROKER, "1");

    @TempDir
    Path directory;

    private ConfiguredNode node;
    private Admin admin;

    @BeforeEach
    void serve() throws Exception {
        node = new ConfiguredNode(directory, Map.of("log.retention.hours", "24", "num.partitions", "3"));
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private void restart() throws Exception {
        stop();
        serve();
    }

    private void create(NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
    }

    private ConfigEntry config(ConfigResource resource, String key) throws Exception {
        return admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                .all()
                .get()
                .get(resource)
                .get(key);
    }

    private void alter(ConfigResource resource, AlterConfigOp... changes) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(changes))).all().get();
    }

    private static AlterConfigOp change(OpType type, String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), type);
    }

    private static void assertRefused(KafkaFuture<?> future, Class<? extends ApiException> error, String... words) {
        var thrown = assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(error);
        for (var word : words) {
            thrown.hasMessageContaining(word);
        }
    }

    private KafkaFuture<Void> createOne(NewTopic topic) {
        return admin.createTopics(List.of(topic)).all();
    }

    private void produce(String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.address(), "max.request.size", 5_000_000),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("flights", 0, "key", value)).get();
        }
    }

    @Test
    void aNewTopicIsDescribedInTheAnswer() throws Exception {
        var created = admin.createTopics(List.of(new NewTopic("flights", Optional.empty(), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact"))));

        assertThat(created.numPartitions("flights").get()).isEqualTo(3);
        assertThat(created.replicationFactor("flights").get()).isEqualTo(1);
        var configs = created.config("flights").get();
        assertThat(configs.get("cleanup.policy").value()).isEqualTo("compact");
        assertThat(configs.get("cleanup.policy").source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(configs.get("retention.ms").value()).isEqualTo("86400000");
        assertThat(configs.get("retention.ms").source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        var described = admin.describeTopics(TopicCollection.ofTopicIds(
                        List.of(created.topicId("flights").get())))
                .allTopicIds()
                .get();
        assertThat(described.values()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("flights");
            assertThat(topic.partitions()).hasSize(3).allSatisfy(partition -> {
                assertThat(partition.leader().id()).isEqualTo(1);
                assertThat(partition.isr()).hasSize(1);
            });
        });
    }

    @Test
    void whatKafkaRefusesOfANewTopicIsRefusedWithItsCodes() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));

        assertRefused(createOne(new NewTopic("flights", 1, (short) 3)), TopicExistsException.class, "flights");
        assertRefused(createOne(new NewTopic("a", 1, (short) 3)), InvalidReplicationFactorException.class);
        assertRefused(createOne(new NewTopic("a", 0, (short) 1)), InvalidPartitionsException.class);
        assertRefused(
                createOne(new NewTopic("a", 1, (short) 1).configs(Map.of("retention.ms", "soon"))),
                InvalidConfigurationException.class,
                "retention.ms");
        assertRefused(
                createOne(new NewTopic("a", 1, (short) 1).configs(Map.of("retention.msec", "1"))),
                InvalidConfigurationException.class,
                "retention.msec");
        assertRefused(
                createOne(new NewTopic("a", 1, (short) 1)
                        .configs(Map.of("min.compaction.lag.ms", "9", "max.compaction.lag.ms", "3"))),
                InvalidConfigurationException.class,
                "min.compaction.lag.ms");
        assertRefused(createOne(new NewTopic("a", Map.of(0, List.of(1, 2)))), InvalidReplicaAssignmentException.class);
        assertRefused(createOne(new NewTopic("a", Map.of(1, List.of(1)))), InvalidReplicaAssignmentException.class);
        admin.createTopics(List.of(new NewTopic("a", 1, (short) 1)), new CreateTopicsOptions().validateOnly(true))
                .all()
                .get();
        assertThat(admin.listTopics().names().get()).containsExactly("flights");
        create(new NewTopic("assigned", Map.of(0, List.of(1), 1, List.of(1))));
        assertThat(admin.describeTopics(List.of("assigned"))
                        .allTopicNames()
                        .get()
                        .get("assigned")
                        .partitions())
                .hasSize(2);
    }

    @Test
    void configsOfATopicChangeKeyByKeyAndStay() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));

        alter(
                FLIGHTS,
                change(OpType.SET, "retention.ms", "1000"),
                change(OpType.APPEND, "cleanup.policy", "compact"),
                change(OpType.SET, "max.message.bytes", "100000"));
        assertThat(config(FLIGHTS, "cleanup.policy").value()).isEqualTo("delete,compact");
        alter(FLIGHTS, change(OpType.SUBTRACT, "cleanup.policy", "delete"), change(OpType.DELETE, "retention.ms", ""));
        restart();

        assertThat(config(FLIGHTS, "cleanup.policy").value()).isEqualTo("compact");
        var retention = config(FLIGHTS, "retention.ms");
        assertThat(retention.value()).isEqualTo("86400000");
        assertThat(retention.synonyms())
                .extracting(synonym -> synonym.name() + "=" + synonym.value() + " " + synonym.source())
                .containsExactly(
                        "log.retention.hours=24 STATIC_BROKER_CONFIG", "log.retention.hours=168 DEFAULT_CONFIG");
        assertThat(config(FLIGHTS, "max.message.bytes").source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThatThrownBy(() -> produce("x".repeat(200_000))).hasCauseInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void aChangeThatIsRefusedOrOnlyCheckedChangesNothing() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));
        Collection<AlterConfigOp> good = List.of(change(OpType.SET, "retention.ms", "1"));
        var other = new ConfigResource(Type.TOPIC, "other");

        var results = admin.incrementalAlterConfigs(Map.of(
                        FLIGHTS,
                        List.of(change(OpType.SET, "retention.ms", "1"), change(OpType.SET, "segment.ms", "0")),
                        other,
                        good))
                .values();
        assertRefused(results.get(FLIGHTS), InvalidConfigurationException.class, "segment.ms");
        assertRefused(results.get(other), UnknownTopicOrPartitionException.class);
        assertRefused(
                admin.incrementalAlterConfigs(Map.of(FLIGHTS, List.of(change(OpType.APPEND, "retention.ms", "1"))))
                        .all(),
                InvalidConfigurationException.class,
                "not LIST");
        admin.incrementalAlterConfigs(Map.of(FLIGHTS, good), new AlterConfigsOptions().validateOnly(true))
                .all()
                .get();

        assertThat(config(FLIGHTS, "retention.ms").source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
    }

    @Test
    void defaultsOfTheNodeChangeForRunningTopicsAndStay() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));
        produce("small");

        alter(ALL_NODES, change(OpType.SET, "message.max.bytes", "5000"));
        assertThatThrownBy(() -> produce("x".repeat(6000))).hasCauseInstanceOf(RecordTooLargeException.class);
        alter(NODE, change(OpType.SET, "message.max.bytes", "50000"));
        produce("x".repeat(6000));
        restart();

        produce("x".repeat(6000));
        assertThatThrownBy(() -> produce("x".repeat(60_000))).hasCauseInstanceOf(RecordTooLargeException.class);
        var described = config(FLIGHTS, "max.message.bytes");
        assertThat(described.value()).isEqualTo("50000");
        assertThat(described.synonyms())
                .extracting(synonym -> synonym.source())
                .containsExactly(
                        ConfigSource.DYNAMIC_BROKER_CONFIG,
                        ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
                        ConfigSource.DEFAULT_CONFIG);
        assertThat(config(ALL_NODES, "message.max.bytes").value()).isEqualTo("5000");
        assertRefused(
                admin.incrementalAlterConfigs(Map.of(NODE, List.of(change(OpType.SET, "num.partitions", "7"))))
                        .all(),
                InvalidRequestException.class,
                "num.partitions");
    }

    @Test
    void theNodeTellsItsOwnConfiguration() throws Exception {
        var partitions = config(NODE, "num.partitions");
        assertThat(partitions.value()).isEqualTo("3");
        assertThat(partitions.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(partitions.isReadOnly()).isTrue();
        assertThat(partitions.type()).isEqualTo(ConfigEntry.ConfigType.INT);
        assertThat(config(NODE, "message.max.bytes").isReadOnly()).isFalse();
        assertThat(config(NODE, "message.max.bytes").value()).isEqualTo("1048588");
        assertThat(config(NODE, "log.dirs").value())
                .isEqualTo(directory.toAbsolutePath().toString());
        assertThat(config(NODE, "group.initial.rebalance.delay.ms").value()).isEqualTo("0");
    }

    @Test
    void groupsHaveConfigurationsOfTheirOwn() throws Exception {
        var group = new ConfigResource(Type.GROUP, "board");

        alter(group, change(OpType.SET, "consumer.session.timeout.ms", "50000"));
        restart();

        var timeout = config(group, "consumer.session.timeout.ms");
        assertThat(timeout.value()).isEqualTo("50000");
        assertThat(timeout.source()).isEqualTo(ConfigSource.DYNAMIC_GROUP_CONFIG);
        assertThat(config(group, "consumer.heartbeat.interval.ms").value()).isEqualTo("5000");
        assertRefused(
                admin.incrementalAlterConfigs(
                                Map.of(group, List.of(change(OpType.SET, "consumer.session.timeout.ms", "1"))))
                        .all(),
                InvalidConfigurationException.class,
                "group.consumer.min.session.timeout.ms");
        assertThat(admin.listConfigResources(
                                Set.of(Type.GROUP), new org.apache.kafka.clients.admin.ListConfigResourcesOptions())
                        .all()
                        .get())
                .containsExactly(group);
    }

    @Test
    void partitionsAreAddedAndRecordsDeleted() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));
        produce("one");
        produce("two");
        var partition = new TopicPartition("flights", 0);

        admin.createPartitions(
                        Map.of("flights", NewPartitions.increaseTo(4)),
                        new CreatePartitionsOptions().validateOnly(true))
                .all()
                .get();
        assertRefused(
                admin.createPartitions(Map.of("flights", NewPartitions.increaseTo(1)))
                        .all(),
                InvalidPartitionsException.class,
                "1 partition");
        assertRefused(
                admin.createPartitions(Map.of("flights", NewPartitions.increaseTo(2, List.of(List.of(9)))))
                        .all(),
                InvalidReplicaAssignmentException.class);
        admin.createPartitions(Map.of("flights", NewPartitions.increaseTo(2, List.of(List.of(1)))))
                .all()
                .get();
        assertThat(admin.describeTopics(List.of("flights"))
                        .allTopicNames()
                        .get()
                        .get("flights")
                        .partitions())
                .hasSize(2);

        assertThat(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark())
                .isEqualTo(1);
        assertThat(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark())
                .isEqualTo(2);
        assertRefused(
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3)))
                        .all(),
                OffsetOutOfRangeException.class);
        alter(FLIGHTS, change(OpType.SET, "cleanup.policy", "compact"));
        assertRefused(
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                        .all(),
                PolicyViolationException.class);
    }

    @Test
    void theClusterIsOneNodeWithOneDirectory() throws Exception {
        create(new NewTopic("flights", 2, (short) 1));
        produce("x".repeat(10_000));
        var cluster = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));

        assertThat(cluster.nodes().get()).singleElement().satisfies(one -> assertThat(one.id())
                .isEqualTo(1));
        assertThat(cluster.controller().get().id()).isEqualTo(1);
        assertThat(cluster.authorizedOperations().get()).contains(AclOperation.CREATE, AclOperation.ALTER_CONFIGS);
        var topics = admin.describeTopics(
                        List.of("flights"), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames()
                .get();
        assertThat(topics.get("flights").authorizedOperations()).contains(AclOperation.READ, AclOperation.DELETE);

        var directories =
                admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
        assertThat(directories).containsOnlyKeys(directory.toAbsolutePath().toString());
        var described = directories.values().iterator().next();
        var file = directory.resolve("flights-0").resolve("00000000000000000000.log");
        assertThat(described
                        .replicaInfos()
                        .get(new TopicPartition("flights", 0))
                        .size())
                .isEqualTo(Files.size(file))
                .isGreaterThan(10_000);
        assertThat(described
                        .replicaInfos()
                        .get(new TopicPartition("flights", 1))
                        .size())
                .isZero();
        assertThat(described.totalBytes().getAsLong())
                .isEqualTo(Files.getFileStore(directory).getTotalSpace());

        var quorum = admin.describeMetadataQuorum().quorumInfo().get();
        assertThat(quorum.leaderId()).isEqualTo(1);
        assertThat(quorum.voters()).hasSize(1);
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        var partition = new TopicPartition("flights", 0);
        assertThat(admin.electLeaders(ElectionType.PREFERRED, Set.of(partition))
                        .partitions()
                        .get())
                .hasEntrySatisfying(
                        partition, error -> assertThat(error).get().isInstanceOf(ElectionNotNeededException.class));
        assertThat(admin.electLeaders(ElectionType.PREFERRED, null).partitions().get())
                .isEmpty();
    }

    @Test
    void topicsAreDescribedPageByPage() throws Exception {
        for (int i = 0; i < 4; i++) {
            create(new NewTopic("topic-" + i, 3, (short) 1));
        }
        var names = List.of("topic-0", "topic-1", "topic-2", "topic-3");

        var described = admin.describeTopics(names, new DescribeTopicsOptions().partitionSizeLimitPerResponse(2))
                .allTopicNames()
                .get();

        assertThat(described).containsOnlyKeys(names);
        assertThat(described.values()).allSatisfy(topic -> assertThat(topic.partitions())
                .extracting(partition -> partition.partition())
                .containsExactly(0, 1, 2));
    }

    @Test
    void quotasAreKept() throws Exception {
        var alice = new ClientQuotaEntity(
                Map.of(ClientQuotaEntity.USER, "alice & bob", ClientQuotaEntity.CLIENT_ID, "x=1"));
        var everybody = new ClientQuotaEntity(java.util.Collections.singletonMap(ClientQuotaEntity.USER, null));
        admin.alterClientQuotas(List.of(
                        quota(alice, "producer_byte_rate", 1024.0), quota(everybody, "request_percentage", 12.5)))
                .all()
                .get();
        restart();

        var found =
                admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get();
        assertThat(found)
                .containsOnly(
                        entry(alice, Map.of("producer_byte_rate", 1024.0)),
                        entry(everybody, Map.of("request_percentage", 12.5)));
        assertRefused(
                admin.alterClientQuotas(List.of(quota(alice, "producer_byte_rate", -1.0)))
                        .all(),
                InvalidRequestException.class,
                "producer_byte_rate");
        admin.alterClientQuotas(List.of(quota(alice, "producer_byte_rate", null)))
                .all()
                .get();
        assertThat(admin.describeClientQuotas(ClientQuotaFilter.all())
                        .entities()
                        .get()
                        .keySet())
                .isEqualTo(Set.of(everybody));
    }

    private static ClientQuotaAlteration quota(ClientQuotaEntity entity, String key, Double value) {
        return new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)));
    }

    @Test
    void allThatHasAConfigurationIsListed() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));

        var listed = admin.listConfigResources().all().get().stream()
                .map(one -> one.type() + " " + one.name())
                .collect(Collectors.toSet());

        assertThat(listed).contains("TOPIC flights", "BROKER 1", "BROKER_LOGGER 1");
    }

    @Test
    void topicsAreDeletedByIdAndOnlyIfTheNodeAllowsIt() throws Exception {
        create(new NewTopic("flights", 1, (short) 1));
        var id = admin.describeTopics(List.of("flights"))
                .allTopicNames()
                .get()
                .get("flights")
                .topicId();

        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();

        assertThat(admin.listTopics().names().get()).isEmpty();
    }
}
