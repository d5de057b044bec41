package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.REBALANCE_MS;
import static io.millrace.coordinator.ConsumerHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.assign.Partitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Members of both protocols that come and go in one group, which changes its protocol with them, and a coordinator that restarts. */
final class MigrationWorld {

    private static final int STEPS = 300;
    private static final int MEMBERS_MAX = 3;

    private final Random random;
    private final ConsumerHarness group = new ConsumerHarness();
    private final List<TestClassicConsumer> old = new ArrayList<>();
    private final List<TestConsumer> fresh = new ArrayList<>();
    private boolean wasConsumerGroup;
    private int names;
    private int migrations;

    MigrationWorld(long seed) {
        this.random = new Random(seed);
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            step();
            check();
        }
        calmDown();
    }

    int migrations() {
        return migrations;
    }

    private void step() {
        int what = random.nextInt(100);
        if (what < 4 && old.size() < MEMBERS_MAX) {
            old.add(new TestClassicConsumer(group, random.nextInt(3) == 0 ? "i" + ++names : null));
        } else if (what < 8 && fresh.size() < MEMBERS_MAX) {
            String id = "m" + ++names;
            fresh.add(random.nextInt(3) == 0 ? group.consumer(id, "i" + names) : group.consumer(id));
        } else if (what < 11 && !fresh.isEmpty()) {
            TestConsumer gone = fresh.remove(random.nextInt(fresh.size()));
            if (random.nextBoolean()) {
                gone.leaveForGood();
            }
        } else if (what < 14 && !old.isEmpty()) {
            TestClassicConsumer gone = old.remove(random.nextInt(old.size()));
            if (random.nextBoolean()) {
                group.leave(new Leaver(gone.id(), null));
            }
        } else if (what < 15) {
            group.restart(random.nextBoolean());
            old.forEach(TestClassicConsumer::reconnect);
        } else if (what < 40) {
            group.pass(random.nextInt(10) == 0 ? random.nextInt(SESSION_MS) : random.nextInt(1_000));
        } else {
            if (what < 50 && !old.isEmpty()) {
                old.get(random.nextInt(old.size())).changeMind(random);
            }
            act(2);
        }
    }

    /** Everybody does what is next, with this chance in three. */
    private void act(int chance) {
        for (TestClassicConsumer member : old) {
            if (random.nextInt(3) < chance) {
                member.act();
            }
        }
        for (TestConsumer member : fresh) {
            if (random.nextInt(3) < chance) {
                ErrorCode error = member.tryBeat();
                if (error != ErrorCode.NONE) {
                    member.forget();
                } else if (random.nextInt(3) < chance) {
                    member.obey();
                }
            }
        }
    }

    private Set<String> members() {
        Set<String> ids = new HashSet<>();
        boolean isConsumerGroup = group.isConsumerGroup();
        migrations += isConsumerGroup != wasConsumerGroup ? 1 : 0;
        wasConsumerGroup = isConsumerGroup;
        if (isConsumerGroup) {
            group.describe().members().forEach(member -> ids.add(member.id()));
        } else {
            group.coordinator().describe(ConsumerHarness.G).members().forEach(member -> ids.add(member.id()));
        }
        return ids;
    }

    /** No partition belongs to two members that are in the group. */
    private void check() {
        Set<String> members = members();
        Map<TopicPartition, String> owners = new HashMap<>();
        old.forEach(one -> own(owners, members, one.id(), one.owned()));
        fresh.forEach(one -> own(owners, members, one.id(), one.owned()));
    }

    private void own(Map<TopicPartition, String> owners, Set<String> members, String id, Partitions owned) {
        if (members.contains(id)) {
            owned.of(FakeTopics.id("t"))
                    .forEach(partition -> assertThat(owners.put(new TopicPartition("t", partition), id))
                            .as("partition %d belongs to %s and", partition, id)
                            .isNull());
        }
    }

    private void calmDown() {
        old.forEach(TestClassicConsumer::calmDown);
        for (int ms = 0; ms < SESSION_MS + 2 * REBALANCE_MS; ms += 1_000) {
            act(3);
            act(3);
            check();
            group.pass(1_000);
        }
        int count = old.stream().mapToInt(TestClassicConsumer::count).sum()
                + fresh.stream().mapToInt(TestConsumer::count).sum();
        assertThat(count).isEqualTo(old.isEmpty() && fresh.isEmpty() ? 0 : 4);
        assertThat(members()).hasSize(old.size() + fresh.size());
        if (!fresh.isEmpty()) {
            assertThat(group.describe().state()).isEqualTo(GroupState.STABLE);
        }
    }
}
