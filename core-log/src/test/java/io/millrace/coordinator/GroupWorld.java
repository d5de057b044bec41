package io.millrace.coordinator;

import static io.millrace.coordinator.GroupHarness.G;
import static io.millrace.coordinator.GroupHarness.REBALANCE_MS;
import static io.millrace.coordinator.GroupHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.JoinedMember;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Members that join, assign, leave, die and come back at random, a coordinator that restarts and a disk that is full for a while.
 */
final class GroupWorld {

    private static final int STEPS = 300;

    /** A consumer, as the clients of Kafka behave. */
    private static final class Client {
        private final @Nullable String instance;
        private String id = "";
        private int generation = -1;
        private long joining;
        private long syncing;
        private boolean assigned;
        private boolean alive = true;
        private int news;

        private Client(@Nullable String instance) {
            this.instance = instance;
        }

        private boolean waits() {
            return joining != 0 || syncing != 0;
        }

        private void outOfGroup(boolean forgetId) {
            generation = -1;
            assigned = false;
            joining = 0;
            syncing = 0;
            id = forgetId ? "" : id;
        }
    }

    private final Random random;
    private final GroupHarness group;
    private final List<Client> clients = new ArrayList<>();

    /** Who gave out the assignment of each generation: the leader's name and a number. */
    private final Map<Integer, String> assigners = new HashMap<>();

    private int assignments;
    private int completed;
    private int restarts;

    GroupWorld(long seed) {
        this.random = new Random(seed);
        this.group = new GroupHarness(GroupLimits.DEFAULT
                .withInitialRebalanceDelayMs(random.nextBoolean() ? 0 : 3_000)
                .withMembersMax(random.nextInt(4) == 0 ? 4 : 100));
        group.onAnswer(this::isOfTheCurrentGeneration);
    }

    /** Goes on for a while, then without accidents until everybody agrees. */
    void run() {
        for (int i = 0; i < STEPS; i++) {
            step();
            listen();
            check();
        }
        group.fillDisk(false);
        calmDown();
    }

    /** Generations that were assigned. */
    int completed() {
        return completed;
    }

    int restarts() {
        return restarts;
    }

    private void step() {
        int what = random.nextInt(100);
        if (what < 8 && clients.size() < 8) {
            clients.add(new Client(random.nextInt(3) == 0 ? "i" + clients.size() : null));
        } else if (what < 10) {
            any().ifAlive(this::die);
        } else if (what < 13) {
            any().ifAlive(this::leave);
        } else if (what < 16) {
            any().ifAlive(client -> client.news++);
        } else if (what < 17) {
            restart();
        } else if (what < 18) {
            group.fillDisk(random.nextInt(3) == 0);
        } else if (what < 40) {
            group.pass(random.nextInt(4) == 0 ? random.nextInt(8_000) : random.nextInt(500));
        } else if (what < 43) {
            any().ifAlive(client -> group.commit(
                    new Committer(client.id, client.instance, client.generation), new TopicPartition("t", 0), 1));
        } else {
            clients.stream().filter(client -> client.alive).toList().forEach(this::act);
        }
    }

    private interface Action {
        void on(Client client);
    }

    private record Choice(@Nullable Client client) {
        void ifAlive(Action action) {
            if (client != null && client.alive) {
                action.on(client);
            }
        }
    }

    private Choice any() {
        return new Choice(clients.isEmpty() ? null : clients.get(random.nextInt(clients.size())));
    }

    /** Its process ends; a static one may be started again. */
    private void die(Client client) {
        if (client.instance != null && random.nextBoolean()) {
            client.outOfGroup(true);
        } else {
            client.alive = false;
        }
    }

    private void leave(Client client) {
        if (!client.id.isEmpty() && client.instance == null) {
            group.leave(new Leaver(client.id, null));
            client.outOfGroup(true);
            client.alive = random.nextBoolean();
        }
    }

    /** What a consumer does next. */
    private void act(Client client) {
        if (client.waits()) {
            return;
        }
        if (client.generation < 0) {
            join(client);
        } else if (!client.assigned) {
            client.outOfGroup(false); // a sync that it gave up on
        } else {
            heartbeat(client);
        }
    }

    private void join(Client client) {
        client.joining = group.join(new Join(
                G,
                client.id,
                client.instance,
                "c",
                "/h",
                SESSION_MS,
                REBALANCE_MS,
                "consumer",
                List.of(GroupHarness.range("t" + client.news)),
                random.nextBoolean(),
                random.nextBoolean()));
    }

    private void heartbeat(Client client) {
        ErrorCode answer = beat(client);
        if (answer == ErrorCode.UNKNOWN_MEMBER_ID || answer == ErrorCode.FENCED_INSTANCE_ID) {
            client.outOfGroup(true);
        } else if (answer != ErrorCode.NONE || client.news > 0) {
            client.news = 0;
            client.outOfGroup(false);
            join(client);
        }
    }

    private ErrorCode beat(Client client) {
        return group.coordinator()
                .classic()
                .heartbeat(new Heartbeat(G, client.id, client.instance, client.generation), group.nowMs());
    }

    private void restart() {
        DescribedGroup before = group.describe();
        group.restart();
        restarts++;
        clients.forEach(client -> {
            if (client.waits()) {
                client.outOfGroup(client.id.isEmpty());
            }
        });
        if (before.state() == GroupState.STABLE) {
            assertThat(group.describe()).usingRecursiveComparison().isEqualTo(before);
        } else {
            assertThat(group.state()).isIn(GroupState.STABLE, GroupState.EMPTY, GroupState.DEAD);
        }
    }

    /** Everybody hears what it has been told meanwhile. */
    private void listen() {
        boolean heard = true;
        while (heard) {
            heard = false;
            for (Client client : clients) {
                if (client.joining != 0 && group.isAnswered(client.joining)) {
                    Joined joined = group.joined(client.joining);
                    client.joining = 0;
                    heard = true;
                    joined(client, joined);
                } else if (client.syncing != 0 && group.isAnswered(client.syncing)) {
                    Synced synced = group.synced(client.syncing);
                    client.syncing = 0;
                    heard = true;
                    synced(client, synced);
                }
            }
        }
    }

    private void isOfTheCurrentGeneration(GroupReply reply) {
        if (reply instanceof Joined joined && joined.error() == ErrorCode.NONE) {
            assertThat(group.heartbeat(joined.member(), joined.generation()))
                    .isIn(ErrorCode.NONE, ErrorCode.REBALANCE_IN_PROGRESS);
        }
    }

    private void joined(Client client, Joined joined) {
        switch (joined.error()) {
            case NONE -> {
                client.id = joined.member();
                client.generation = joined.generation();
                if (client.alive && random.nextInt(20) > 0) {
                    sync(client, joined);
                }
            }
            case MEMBER_ID_REQUIRED -> client.id = joined.member();
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> client.outOfGroup(true);
            case REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE -> client.outOfGroup(false);
            case GROUP_MAX_SIZE_REACHED -> client.alive = false;
            default -> throw new AssertionError(joined);
        }
    }

    private void sync(Client client, Joined joined) {
        Map<String, byte[]> given = new HashMap<>();
        if (joined.leader().equals(client.id) && !joined.assignmentSkipped()) {
            String assigner = client.id + "#" + ++assignments;
            for (JoinedMember member : joined.members()) {
                String name = member.instance() == null ? member.id() : member.instance();
                given.put(
                        member.id(),
                        (joined.generation() + "/" + assigner + "/" + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        client.syncing =
                group.sync(new Sync(G, client.id, client.instance, client.generation, null, joined.protocol(), given));
    }

    private void synced(Client client, Synced synced) {
        switch (synced.error()) {
            case NONE -> {
                String[] parts = GroupHarness.text(synced).split("/", -1);
                assertThat(parts).as("every member is assigned something").hasSize(3);
                assertThat(parts[0]).isEqualTo(String.valueOf(client.generation));
                assertThat(parts[2]).isEqualTo(client.instance == null ? client.id : client.instance);
                String assigner = assigners.putIfAbsent(client.generation, parts[1]);
                assertThat(parts[1]).isEqualTo(assigner == null ? parts[1] : assigner);
                completed += assigner == null ? 1 : 0;
                client.assigned = true;
            }
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> client.outOfGroup(true);
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, COORDINATOR_NOT_AVAILABLE -> client.outOfGroup(false);
            default -> throw new AssertionError(synced);
        }
    }

    /** Whoever is in a stable group and believes to have an assignment has the one that is written. */
    private void check() {
        DescribedGroup described = group.describe();
        if (described.state() != GroupState.STABLE) {
            return;
        }
        Map<String, String> written = new HashMap<>();
        described
                .members()
                .forEach(member -> written.put(member.id(), new String(member.assignment(), StandardCharsets.UTF_8)));
        String assigner = null;
        for (String assignment : written.values()) {
            String from = assignment.substring(0, assignment.lastIndexOf('/'));
            assertThat(from).isEqualTo(assigner == null ? from : assigner);
            assigner = from;
        }
    }

    /** Nobody dies any more. */
    private void calmDown() {
        long patienceMs = ClassicRequests.NEW_MEMBER_JOIN_TIMEOUT_MS + 4L * REBALANCE_MS;
        for (long ms = 0; ms < patienceMs; ms += 1_000) {
            for (Client client : clients) {
                if (client.alive) {
                    client.news = 0;
                    act(client);
                    listen();
                }
            }
            group.pass(1_000);
            listen();
        }
        List<Client> alive = clients.stream().filter(client -> client.alive).toList();
        for (Client client : clients) {
            assertThat(client.waits() && client.alive).as("waits for ever").isFalse();
        }
        assertThat(group.describe().members())
                .extracting(DescribedMember::id)
                .containsExactlyInAnyOrderElementsOf(
                        alive.stream().map(client -> client.id).toList());
        assertThat(alive).allMatch(client -> client.assigned && beat(client) == ErrorCode.NONE);
        assertThat(group.state()).isEqualTo(alive.isEmpty() ? group.state() : GroupState.STABLE);
    }
}
