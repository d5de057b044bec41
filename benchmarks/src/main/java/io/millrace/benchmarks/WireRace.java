package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Lets the systems take turns at one job, each round on a topic of its own, and prints what they needed. */
final class WireRace {

    private static final int ADMIN_SECONDS_MAX = 120;

    /** One round of a job on one system. */
    @FunctionalInterface
    interface Job {

        /** Adds to the table what the round needed, if it counts. */
        void run(WireSystem system, String topic, WireTable table) throws Exception;
    }

    private record Contender(WireSystem system, Admin admin, WireTable table) {}

    private final WireOptions options;

    WireRace(WireOptions options) {
        this.options = options;
    }

    /** @param records that each topic must have after its round: a round that lost some is an error */
    void run(int partitions, long records, Job job) throws Exception {
        Path directory = Files.createTempDirectory("millrace-wire-");
        List<Contender> contenders = new ArrayList<>();
        try {
            for (String name : options.systems()) {
                Path own = Files.createDirectory(directory.resolve("system-" + contenders.size()));
                WireSystem system = WireSystem.start(name, own, options);
                Admin admin = Admin.create(Map.of("bootstrap.servers", system.address()));
                contenders.add(new Contender(system, admin, new WireTable()));
            }
            for (int round = -options.warmups(); round < options.rounds(); round++) {
                for (Contender contender : contenders) {
                    round(contender, round, partitions, records, job);
                }
            }
            for (Contender contender : contenders) {
                contender
                        .table()
                        .print(contender.system().name(), contender.system().residentMegabytes());
            }
        } finally {
            for (Contender contender : contenders) {
                contender.admin().close();
                contender.system().close();
            }
            Trees.delete(directory);
        }
    }

    private static void round(Contender contender, int round, int partitions, long records, Job job) throws Exception {
        String topic = "round-" + (round + 1000);
        Admin admin = contender.admin();
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get(ADMIN_SECONDS_MAX, TimeUnit.SECONDS);
        // Every partition is led before anybody writes: Kafka fails producers for good that come earlier (KAFKA-15591).
        recordsIn(admin, topic, partitions);
        job.run(contender.system(), topic, round < 0 ? new WireTable() : contender.table());
        long found = recordsIn(admin, topic, partitions);
        if (found != records) {
            throw new IOException(contender.system().name() + " has " + found + " records of " + records);
        }
        admin.deleteTopics(List.of(topic)).all().get(ADMIN_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static long recordsIn(Admin admin, String topic, int partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get(ADMIN_SECONDS_MAX, TimeUnit.SECONDS).values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }
}
