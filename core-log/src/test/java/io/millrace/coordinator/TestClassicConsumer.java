package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.G;
import static io.millrace.coordinator.ConsumerHarness.REBALANCE_MS;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.coordinator.assign.Assignor;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.coordinator.assign.RangeAssignor;
import io.millrace.coordinator.assign.Subscriber;
import io.millrace.record.wire.ByteWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the classic protocol that rebalances cooperatively: it says what it has when it joins, lets go what the newest
 * assignment lacks, and joins again then. If it leads it assigns ranges, but nothing that somebody else has.
 */
final class TestClassicConsumer {

    static final int SESSION_MS = 10_000;

    private static final Assignor RANGE = new RangeAssignor();

    private final ConsumerHarness group;
    private final @Nullable String instance;
    private String id = "";
    private int generation = -1;
    private long joining;
    private long syncing;
    private boolean mustJoin = true;
    private Partitions owned = Partitions.NONE;
    private ErrorCode lastError = ErrorCode.NONE;

    /** By all of them it assigns in the same way. */
    private List<String> offered = List.of("range");

    private boolean offersNonsense;

    TestClassicConsumer(ConsumerHarness group, @Nullable String instance) {
        this.group = group;
        this.instance = instance;
    }

    String id() {
        return id;
    }

    int generation() {
        return generation;
    }

    Partitions owned() {
        return owned;
    }

    int count() {
        return owned.count();
    }

    ErrorCode lastError() {
        return lastError;
    }

    /** Its process was started anew. */
    void restart() {
        id = "";
        forget();
    }

    /** Who was asked has gone: what it waits for will not come. */
    void reconnect() {
        mustJoin |= joining != 0 || syncing != 0;
        joining = 0;
        syncing = 0;
    }

    /** Its next deployment offers other protocols, in another order, or one whose metadata nobody can read. */
    void changeMind(Random random) {
        List<String> names = new ArrayList<>(List.of("range"));
        if (random.nextBoolean()) {
            names.add(0, "sticky");
        }
        offer(names, random.nextInt(4) == 0);
    }

    /** Offers what everybody knows. */
    void calmDown() {
        offer(List.of("range"), false);
    }

    private void offer(List<String> names, boolean nonsense) {
        mustJoin |= joining == 0 && syncing == 0 && (!names.equals(offered) || nonsense != offersNonsense);
        offered = List.copyOf(names);
        offersNonsense = nonsense;
    }

    private List<Protocol> protocols() {
        List<Protocol> protocols = new ArrayList<>();
        offered.forEach(name -> protocols.add(new Protocol(name, subscription(owned))));
        if (offersNonsense) {
            protocols.add(new Protocol("nonsense", new byte[0]));
        }
        return protocols;
    }

    private void forget() {
        generation = -1;
        owned = Partitions.NONE;
        joining = 0;
        syncing = 0;
        mustJoin = true;
    }

    Join request() {
        return new Join(
                G,
                id,
                instance,
                "classic",
                "/10.0.0.2",
                SESSION_MS,
                REBALANCE_MS,
                "consumer",
                protocols(),
                false,
                true);
    }

    /** A {@code ConsumerProtocolSubscription}, version 1, of the topic {@code t}. */
    private byte[] subscription(Partitions has) {
        ByteWriter out = new ByteWriter();
        out.int16((short) 1);
        out.strings(List.of("t"), false);
        out.bytes(null, false);
        var byName = ReadTopics.withNames(has, group.topics());
        out.count(byName.size(), false);
        byName.forEach((name, ofTopic) -> {
            out.string(name, false);
            out.int32s(ofTopic.stream().mapToInt(Integer::intValue).toArray(), false);
        });
        return out.toByteArray();
    }

    /** Does what is next: joins, hears, syncs, hears, or shows that it is there. */
    TestClassicConsumer act() {
        if (joining != 0) {
            if (group.isAnswered(joining)) {
                Joined joined = group.joined(joining);
                joining = 0;
                hear(joined);
            }
        } else if (syncing != 0) {
            if (group.isAnswered(syncing)) {
                Synced synced = group.synced(syncing);
                syncing = 0;
                hear(synced);
            }
        } else if (mustJoin) {
            mustJoin = false;
            joining = group.join(request());
        } else {
            see(group.heartbeat(id, instance, generation));
        }
        return this;
    }

    private void hear(Joined joined) {
        see(joined.error());
        if (joined.error() == ErrorCode.NONE) {
            id = joined.member();
            generation = joined.generation();
            Map<String, byte[]> given = joined.leader().equals(id) ? assign(joined) : Map.of();
            syncing = group.sync(new Sync(G, id, instance, generation, "consumer", joined.protocol(), given));
        }
    }

    private Map<String, byte[]> assign(Joined joined) {
        Map<String, Partitions> had = new HashMap<>();
        List<Subscriber> members = new ArrayList<>();
        joined.members().forEach(member -> {
            had.put(
                    member.id(),
                    ReadTopics.withIds(
                            EmbeddedProtocol.subscription(member.metadata()).owned(), group.topics()));
            members.add(new Subscriber(member.id(), member.instance(), Set.of(FakeTopics.id("t")), Partitions.NONE));
        });
        Map<String, Partitions> target = RANGE.assign(members, Map.of(FakeTopics.id("t"), 4));
        Map<String, byte[]> given = new HashMap<>();
        target.forEach((member, partitions) -> {
            Holdings free = Holdings.of(partitions, 0);
            for (var other : had.entrySet()) {
                free = other.getKey().equals(member) ? free : free.without(other.getValue());
            }
            given.put(member, EmbeddedProtocol.assignment(free.partitions(), group.topics(), subscription(owned)));
        });
        return given;
    }

    private void hear(Synced synced) {
        see(synced.error());
        if (synced.error() == ErrorCode.NONE) {
            Partitions given = ReadTopics.withIds(
                    EmbeddedProtocol.assignment(synced.assignment()).partitions(), group.topics());
            mustJoin = !given.containsAll(owned);
            owned = given;
        }
    }

    private void see(ErrorCode error) {
        lastError = error;
        switch (error) {
            case REBALANCE_IN_PROGRESS -> mustJoin = true;
            case INCONSISTENT_GROUP_PROTOCOL -> {
                calmDown();
                mustJoin = true;
            }
            case ILLEGAL_GENERATION -> forget();
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> restart();
            default -> {}
        }
    }
}
