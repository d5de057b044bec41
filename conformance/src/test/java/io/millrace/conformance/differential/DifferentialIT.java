package io.millrace.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.peer.KafkaBroker;
import io.millrace.conformance.wire.ServedNode;
import io.millrace.node.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same calls on Apache Kafka 4.3.1 and on a node of ours. What is answered differently stands with its reason in {@code
 * docs/differences-from-kafka.md}, or it is a mistake. From a seed: {@code -Ddifferential.seed=…}; every
 * single difference: {@code -Ddifferential.print=true}.
 */
class DifferentialIT {

    private static final long SEED = Long.getLong("differential.seed", new Random().nextInt(1_000_000));
    /** Set to print each difference and not one of each row. */
    private static final boolean PRINTS_ALL = Boolean.getBoolean("differential.print");

    private static final int RANDOM_SHORT = 4;
    private static final int RANDOM_LONG = 300;
    private static final int STEPS = 60;

    /** How often both look for what is to be removed, ms. */
    private static final int CLEANING_MS = 300;

    /** Kafka's own, set so that a test need not wait for them. */
    private static final Map<String, String> KAFKA = Map.of(
            "offsets.topic.num.partitions",
            "4",
            "transaction.state.log.num.partitions",
            "4",
            "group.consumer.min.assignment.interval.ms",
            "0",
            "group.consumer.assignment.interval.ms",
            "0",
            "log.initial.task.delay.ms",
            "100",
            "log.retention.check.interval.ms",
            Integer.toString(CLEANING_MS),
            "log.cleaner.backoff.ms",
            Integer.toString(CLEANING_MS));

    @TempDir
    Path directory;

    @Test
    void answersAreThoseOfKafkaExceptWhereThePageSaysOtherwise() throws Exception {
        var comparison = compare(Stream.concat(written(), random(RANDOM_SHORT)).toList());

        assertThat(IntendedDifferences.read().notFound(comparison.differences()))
                .as("differences of which the page tells, and which are no more")
                .isEmpty();
    }

    @Test
    @Tag("long")
    void answersToManyRandomCallsAreThoseOfKafka() throws Exception {
        compare(random(RANDOM_LONG).toList());
    }

    /** All scripts that are not drawn from a seed. */
    static Stream<Script> written() {
        return Stream.of(
                        TopicScripts.all(),
                        ProduceScripts.all(),
                        ReadScripts.all(),
                        OffsetScripts.all(),
                        GroupScripts.all(),
                        ConsumerGroupScripts.all(),
                        TransactionScripts.all(),
                        AdminScripts.all(),
                        FrameScripts.all(),
                        CleaningScripts.all())
                .flatMap(Collection::stream);
    }

    private static Stream<Script> random(int count) {
        System.out.println("differential: seeds from " + SEED);
        return LongStream.range(SEED, SEED + count).mapToObj(seed -> RandomScripts.of(seed, STEPS));
    }

    private Comparison compare(List<Script> scripts) throws Exception {
        var now = System.currentTimeMillis();
        try (var broker = KafkaBroker.start(Files.createDirectory(directory.resolve("kafka")), KAFKA);
                var node = new ServedNode(directory.resolve("millrace"), config());
                var kafka = new Side("Kafka", broker.address(), now, Side.KAFKAS_NOT_YET);
                var millrace = new Side("Millrace", node.address(), now, Side.NOT_YET)) {
            var comparison = new Comparison(kafka, millrace);
            comparison.run(warmUp());
            for (var script : scripts) {
                comparison.run(script);
            }
            report(comparison);
            return comparison;
        }
    }

    /** As other tests have it, but for how often it cleans and how soon it assigns. */
    private static NodeConfig config() {
        var groups = ServedNode.CONFIG.groups();
        return ServedNode.CONFIG
                .withMaintenanceInterval(Duration.ofMillis(CLEANING_MS))
                .withGroups(groups.withConsumers(groups.consumers().withAssignmentIntervalMs(0)));
    }

    /** Kafka makes the topics of its coordinators when somebody first asks for one. */
    private static Script warmUp() {
        return new Script("warm up")
                .prepare("groups", ApiKeys.FIND_COORDINATOR, 3, "{keyType: 0, key: 'g'}", all -> true)
                .prepare("transactions", ApiKeys.FIND_COORDINATOR, 3, "{keyType: 1, key: 't'}", all -> true);
    }

    private static void report(Comparison comparison) throws Exception {
        var intended = IntendedDifferences.read();
        var found = comparison.differences();
        var unintended = intended.notIntended(found);
        if (PRINTS_ALL) {
            found.forEach(one -> System.out.println("differential: " + one));
        } else {
            intended.summary(found).forEach(line -> System.out.println("differential, intended: " + line));
        }
        System.out.println("differential: " + comparison.compared() + " answers compared, "
                + (found.size() - unintended.size()) + " intended differences, " + unintended.size()
                + " others; left out: " + comparison.leftOut() + "; asked again after " + comparison.askedAgain());
        assertThat(unintended.stream().map(Difference::toString).collect(Collectors.joining("\n")))
                .as("differences that no row of docs/differences-from-kafka.md tells of")
                .isEmpty();
    }
}
