package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.REBALANCE_MS;
import static io.millrace.coordinator.ConsumerHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Beat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Members of the consumer protocol that come, go, die, hang and come back at random, topics that change, a coordinator that restarts
 * with its log as it is or compacted, answers that are lost, and a disk that is full for a while.
 */
final class ConsumerWorld {

    private static final int STEPS = 250;
    private static final int MEMBERS_MAX = 6;

    /** A process with a consumer in it. */
    private static final class Process {
        private final TestConsumer consumer;
        private boolean alive = true;

        /** It does not run for a while, and does not know. */
        private boolean hangs;

        private Process(TestConsumer consumer) {
            this.consumer = consumer;
        }
    }

    private final Random random;
    private final ConsumerHarness group;
    private final List<Process> processes = new ArrayList<>();
    private int names;
    private int handedOver;
    private int fenced;
    private int refusedCommits;
    private int restarts;

    ConsumerWorld(long seed) {
        this.random = new Random(seed);
        ConsumerGroupLimits limits =
                ConsumerGroupLimits.DEFAULT.withAssignmentIntervalMs(random.nextBoolean() ? 0 : 1_000);
        this.group = new ConsumerHarness(ConsumerHarness.EAGER.withConsumers(limits));
        group.topic("u", 1 + random.nextInt(5));
    }

    /** Goes on for a while, then without accidents until everybody has what it is to have. */
    void run() {
        for (int i = 0; i < STEPS; i++) {
            step();
            nothingBelongsToTwo();
        }
        group.fillDisk(false);
        calmDown();
    }

    int handedOver() {
        return handedOver;
    }

    int fenced() {
        return fenced;
    }

    int refusedCommits() {
        return refusedCommits;
    }

    int restarts() {
        return restarts;
    }

    private void step() {
        int what = random.nextInt(100);
        if (what < 7) {
            start();
        } else if (what < 9) {
            any(process -> process.alive = false);
        } else if (what < 11) {
            any(process -> {
                group.beat(process.consumer.request(process.consumer.instance() == null ? -1 : -2));
                process.alive = false;
            });
        } else if (what < 14) {
            any(process -> process.hangs = !process.hangs);
        } else if (what < 17) {
            any(this::readOther);
        } else if (what < 19) {
            group.topic(random.nextBoolean() ? "u" : "v", random.nextInt(6));
        } else if (what < 21) {
            group.restart(random.nextBoolean());
            restarts++;
        } else if (what < 22) {
            group.fillDisk(random.nextInt(3) == 0);
        } else if (what < 45) {
            group.pass(random.nextInt(8) == 0 ? random.nextInt(SESSION_MS) : random.nextInt(3_000));
        } else if (what < 55) {
            any(this::commit);
        } else {
            for (Process process : processes) {
                if (process.alive && !process.hangs && random.nextInt(3) > 0) {
                    act(process);
                }
            }
        }
    }

    private interface Action {
        void on(Process process);
    }

    private void any(Action action) {
        List<Process> alive = processes.stream().filter(one -> one.alive).toList();
        if (!alive.isEmpty()) {
            action.on(alive.get(random.nextInt(alive.size())));
        }
    }

    private void start() {
        List<Process> dead = processes.stream()
                .filter(one -> !one.alive && one.consumer.instance() != null)
                .toList();
        if (!dead.isEmpty() && random.nextBoolean()) {
            Process again = dead.get(0);
            again.alive = true;
            again.hangs = false;
            again.consumer.restart("m" + ++names);
        } else if (processes.stream().filter(one -> one.alive).count() < MEMBERS_MAX) {
            String id = "m" + ++names;
            TestConsumer consumer = random.nextInt(3) == 0 ? group.consumer(id, "i" + names) : group.consumer(id);
            if (random.nextInt(4) == 0) {
                consumer.with("range");
            }
            processes.add(new Process(consumer));
        }
    }

    private void readOther(Process process) {
        switch (random.nextInt(4)) {
            case 0 -> process.consumer.reading("t");
            case 1 -> process.consumer.reading("t", "u");
            case 2 -> process.consumer.readingBy("[tv]");
            default -> process.consumer.readingBy("[tuv]");
        }
    }

    /** What a consumer does next: some of it, and sometimes the answer is lost. */
    private void act(Process process) {
        TestConsumer consumer = process.consumer;
        if (consumer.isBehind() && random.nextInt(3) > 0) {
            if (random.nextBoolean()) {
                consumer.release();
            } else {
                handedOver++;
                consumer.obey();
            }
            return;
        }
        Beat beat = group.beat(consumer.request(consumer.epoch()));
        switch (beat.error()) {
            case NONE -> {
                if (random.nextInt(15) > 0) {
                    consumer.hear(beat);
                } else {
                    consumer.missed();
                }
            }
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND -> {
                fenced++;
                consumer.forget();
            }
            case FENCED_INSTANCE_ID -> process.alive = false;
            case UNRELEASED_INSTANCE_ID, COORDINATOR_NOT_AVAILABLE -> consumer.missed();
            default -> throw new AssertionError(beat);
        }
    }

    /** A zombie may believe to have a partition that somebody else has by now; its commits must not count. */
    private void commit(Process process) {
        Map<TopicPartition, Process> owners = owners();
        for (TopicPartition partition : process.consumer.partitions()) {
            Process owner = owners.get(partition);
            ErrorCode error = group.commit(process.consumer.asCommitter(), false, partition);
            if (owner != null && owner != process) {
                assertThat(error)
                        .as("%s commits for %s", process.consumer.id(), partition)
                        .isNotEqualTo(ErrorCode.NONE);
                refusedCommits++;
            }
        }
    }

    /** Who has which partition, as the coordinator has it: who is in the group, at its epoch. */
    private Map<TopicPartition, Process> owners() {
        Map<TopicPartition, Process> owners = new HashMap<>();
        for (Process process : processes) {
            if (process.alive && isMember(process)) {
                process.consumer.partitions().forEach(partition -> owners.put(partition, process));
            }
        }
        return owners;
    }

    private boolean isMember(Process process) {
        return group.isConsumerGroup()
                && group.describe().members().stream()
                        .anyMatch(member -> member.id().equals(process.consumer.id()) && member.epoch() > 0);
    }

    private void nothingBelongsToTwo() {
        Map<TopicPartition, String> owners = new HashMap<>();
        for (Process process : processes) {
            if (process.alive && process.consumer.epoch() > 0 && isMember(process)) {
                for (TopicPartition partition : process.consumer.partitions()) {
                    assertThat(owners.put(partition, process.consumer.id()))
                            .as("%s belongs to %s and", partition, process.consumer.id())
                            .isNull();
                }
            }
        }
    }

    /** Nobody dies or hangs any more, and every answer is heard. */
    private void calmDown() {
        processes.forEach(process -> process.hangs = false);
        for (int ms = 0; ms < 2 * (SESSION_MS + REBALANCE_MS); ms += 1_000) {
            for (Process process : processes) {
                if (process.alive) {
                    ErrorCode error = process.consumer.tryBeat();
                    if (error == ErrorCode.NONE) {
                        process.consumer.obey();
                    } else {
                        process.consumer.forget();
                    }
                }
            }
            nothingBelongsToTwo();
            group.pass(1_000);
        }
        List<TestConsumer> alive = processes.stream()
                .filter(one -> one.alive)
                .map(one -> one.consumer)
                .toList();
        if (alive.isEmpty()) {
            return;
        }
        DescribedConsumerGroup described = group.describe();
        assertThat(described.state()).isEqualTo(GroupState.STABLE);
        assertThat(described.members())
                .extracting(DescribedConsumerGroup.Member::id)
                .containsExactlyInAnyOrderElementsOf(
                        alive.stream().map(TestConsumer::id).toList());
        described.members().forEach(member -> {
            assertThat(member.assignment()).isEqualTo(member.target());
            TestConsumer consumer = alive.stream()
                    .filter(one -> one.id().equals(member.id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(consumer.owned()).isEqualTo(member.assignment());
            assertThat(consumer.epoch()).isEqualTo(described.epoch());
        });
        everyPartitionIsReadThatSomebodyWants(described);
        group.restart(true);
        assertThat(group.describe()).isEqualTo(described);
    }

    private void everyPartitionIsReadThatSomebodyWants(DescribedConsumerGroup described) {
        group.topics().all().forEach(topic -> {
            boolean wanted = described.members().stream()
                    .anyMatch(member -> member.topics().contains(topic.name())
                            || (member.regex() != null && topic.name().matches(member.regex())));
            int given = described.members().stream()
                    .mapToInt(member -> member.target().of(topic.id()).size())
                    .sum();
            assertThat(given).as(topic.name()).isEqualTo(wanted ? topic.partitionCount() : 0);
        });
    }
}
