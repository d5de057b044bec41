package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are well formed and say strange things: long names, expressions, numbers below 0, and bytes inside that other
 * clients were to understand. Whatever becomes of them, every one is answered, and so is the next of somebody else.
 */
final class RequestValuesFuzzTest {

    private static final int STEPS = 300;
    private static final List<String> GROUPS = List.of("g", "h");
    private static final List<String> WORDS = List.of(
            "range", "uniform", "consumer", "t", "u", "", "(", "a{1000}", "[^", "\\Q", "\\p{L}", "x|", "é", "-1");

    private Random random = new Random();
    private final List<Pending<?>> asked = new ArrayList<>();
    private final List<Seat> joined = new ArrayList<>();
    private final Map<Pending<Joined>, String> joining = new LinkedHashMap<>();

    /** What somebody was told who has joined a group. */
    private record Seat(String group, Joined told) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theNextRequestIsAnswered(long seed) {
        random = new Random(seed); // the seed is in the name of the test
        NodeConfig config = NodeConfig.DEFAULT.withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
        MemoryLogStorage storage = new MemoryLogStorage();
        ManualClock clock = new ManualClock(SteppedLog.START_MS);
        SteppedLog log = new SteppedLog(seed, storage, config, clock);
        log.answer(log.client().createTopic(new NewTopic("t", 3)));
        NodeDoor door = log.node().newDoor(Signal.NONE);
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(100) == 0) {
                log.close();
                log = new SteppedLog(seed, storage, config, clock);
                door = log.node().newDoor(Signal.NONE);
            }
            asked.add(ask(door));
            log.settle();
            if (random.nextInt(4) == 0) {
                log.passTime(Duration.ofMillis(random.nextInt(20_000)));
            }
            hear();
            assertThat(log.answer(door.heartbeat(new Heartbeat("nobody", "m", null, 1))))
                    .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        log.passTime(Duration.ofMinutes(30));
        assertThat(asked).allMatch(Pending::isDone);
        assertThat(asked).noneMatch(one -> one.isFailed() && one.error() == ErrorCode.UNKNOWN_SERVER_ERROR);
        log.close();
    }

    private void hear() {
        joining.entrySet().removeIf(one -> {
            Pending<Joined> pending = one.getKey();
            if (pending.isDone() && !pending.isFailed() && pending.value().error() == ErrorCode.NONE) {
                joined.add(new Seat(one.getValue(), pending.value()));
            }
            return pending.isDone();
        });
    }

    private Pending<?> ask(NodeDoor door) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                Join request = join();
                Pending<Joined> pending = door.join(request);
                joining.put(pending, request.group());
                yield pending;
            }
            case 3, 4 -> door.sync(sync());
            case 5, 6, 7 -> door.consumerHeartbeat(beat());
            case 8 -> door.leave(new Leave(group(), List.of(new Leaver(member(), maybe(name())))));
            case 9 ->
                door.commitOffsets(
                        group(),
                        new Committer(member(), maybe(name()), number()),
                        Map.of(new TopicPartition(name(), number()), new CommittedOffset(number(), number(), name())));
            case 10 ->
                door.admin()
                        .changeSettings(
                                new SettingsScope(SettingsScope.Kind.QUOTA, name()),
                                before -> Map.of(name(), name()),
                                false);
            default ->
                door.transactions()
                        .writeMarkers(
                                new ProducerIdentity(number(), (short) number()),
                                random.nextBoolean(),
                                number(),
                                TransactionVersion.V0,
                                List.of(new TopicPartition("t", random.nextInt(3)), new TopicPartition("t", number())));
        };
    }

    private String group() {
        return random.nextInt(20) == 0 ? name() : GROUPS.get(random.nextInt(GROUPS.size()));
    }

    private String member() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> name();
            default ->
                joined.isEmpty()
                        ? "m"
                        : joined.get(random.nextInt(joined.size())).told().member();
        };
    }

    private <T> T maybe(T value) {
        return random.nextInt(4) == 0 ? value : null;
    }

    private int number() {
        int[] edges = {-1, 0, 1, 2, 3, 1_000, Integer.MAX_VALUE, Integer.MIN_VALUE};
        return edges[random.nextInt(edges.length)];
    }

    private String name() {
        String word = WORDS.get(random.nextInt(WORDS.size()));
        return switch (random.nextInt(6)) {
            case 0 -> word.repeat(random.nextInt(20));
            case 1 -> word.repeat(random.nextInt(8_000));
            case 2 -> {
                int depth = random.nextInt(10_000);
                yield "(".repeat(depth) + word + ")".repeat(depth);
            }
            default -> word;
        };
    }

    private Join join() {
        List<Protocol> protocols = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            protocols.add(new Protocol(List.of("range", "sticky", "y").get(random.nextInt(3)), subscription()));
        }
        String type = random.nextInt(20) == 0 ? name() : "consumer";
        int sessionMs = random.nextInt(10) == 0 ? number() : 10_000;
        int rebalanceMs = random.nextInt(10) == 0 ? number() : 30_000;
        boolean idRequired = random.nextInt(4) == 0;
        return new Join(
                group(),
                member(),
                maybe(name()),
                name(),
                "/h",
                sessionMs,
                rebalanceMs,
                type,
                protocols,
                idRequired,
                true);
    }

    private Sync sync() {
        if (joined.isEmpty()) {
            return new Sync(group(), member(), null, number(), null, null, Map.of());
        }
        Seat seat = joined.get(joined.size() - 1 - random.nextInt(Math.min(2, joined.size())));
        Joined as = seat.told();
        Map<String, byte[]> given = new HashMap<>();
        given.put(as.member(), assignment());
        as.members().forEach(member -> given.put(member.id(), assignment()));
        int generation = random.nextInt(10) == 0 ? number() : as.generation();
        return new Sync(seat.group(), as.member(), null, generation, null, null, given);
    }

    private ConsumerHeartbeat beat() {
        boolean isRegex = random.nextBoolean();
        Partitions owned = Partitions.of(Map.of(new UUID(0, number()), List.of(number(), number())));
        int epoch = random.nextInt(3) == 0 ? number() : 0;
        return new ConsumerHeartbeat(
                group(),
                random.nextBoolean() ? "m" + random.nextInt(3) : member(),
                epoch,
                maybe(name()),
                maybe(name()),
                name(),
                "/h",
                epoch == 0 ? 10_000 : number(),
                isRegex ? List.of() : List.of("t", name()),
                isRegex ? name() : "",
                maybe(name()),
                epoch == 0 ? Partitions.NONE : maybe(owned),
                true,
                name -> true);
    }

    private byte[] subscription() {
        return damaged(ByteBuffer.allocate(26)
                .putShort((short) 1)
                .putInt(1)
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(-1)
                .putInt(0)
                .array());
    }

    private byte[] assignment() {
        return damaged(ByteBuffer.allocate(26)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(2)
                .putInt(random.nextInt(3))
                .putInt(number())
                .putInt(-1)
                .array());
    }

    /** One time in four something of it is different. */
    private byte[] damaged(byte[] bytes) {
        return switch (random.nextInt(12)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                yield bytes;
            }
            default -> bytes;
        };
    }
}
