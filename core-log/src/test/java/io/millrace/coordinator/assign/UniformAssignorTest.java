package io.millrace.coordinator.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Balance first, stickiness second. */
final class UniformAssignorTest {

    private static final UUID T = new UUID(0, 1);
    private static final UUID U = new UUID(0, 2);
    private static final UUID V = new UUID(0, 3);

    private final Assignor uniform = new UniformAssignor();

    private static Subscriber of(String id, Partitions present, UUID... topics) {
        return new Subscriber(id, null, Set.of(topics), present);
    }

    private static List<Subscriber> again(List<Subscriber> before, Map<String, Partitions> assigned) {
        return before.stream()
                .map(one -> new Subscriber(
                        one.id(), one.instance(), one.topics(), assigned.getOrDefault(one.id(), Partitions.NONE)))
                .toList();
    }

    @Test
    void everybodyHasTheSameNumberOrOneMore() {
        Map<String, Partitions> assigned = uniform.assign(
                List.of(of("a", Partitions.NONE, T, U), of("b", Partitions.NONE, T, U), of("c", Partitions.NONE, T, U)),
                Map.of(T, 4, U, 3));
        assertThat(assigned.values()).extracting(Partitions::count).containsExactlyInAnyOrder(3, 2, 2);
    }

    @Test
    void nothingMovesWithoutNeed() {
        List<Subscriber> two = List.of(of("a", Partitions.NONE, T), of("b", Partitions.NONE, T));
        Map<String, Partitions> first = uniform.assign(two, Map.of(T, 6));
        assertThat(uniform.assign(again(two, first), Map.of(T, 6))).isEqualTo(first);

        List<Subscriber> three = new ArrayList<>(again(two, first));
        three.add(of("c", Partitions.NONE, T));
        Map<String, Partitions> second = uniform.assign(three, Map.of(T, 6));
        assertThat(second.get("a").count()).isEqualTo(2);
        assertThat(first.get("a").containsAll(second.get("a"))).isTrue();
        assertThat(first.get("b").containsAll(second.get("b"))).isTrue();

        Map<String, Partitions> third = uniform.assign(again(three, second).subList(1, 3), Map.of(T, 6));
        assertThat(third.get("b").containsAll(second.get("b"))).isTrue();
        assertThat(third.get("c").containsAll(second.get("c"))).isTrue();
        assertThat(third.get("b").count()).isEqualTo(3);
    }

    @Test
    void whoReadsMoreLeavesToOthersWhatOnlyTheyCanShare() {
        Map<String, Partitions> assigned = uniform.assign(
                List.of(of("a", Partitions.NONE, T, U), of("b", Partitions.NONE, T)), Map.of(T, 4, U, 4));
        assertThat(assigned.get("a").of(U)).hasSize(4);
        assertThat(assigned.get("b").of(T)).hasSize(4);
    }

    @Test
    void whatIsNotReadAnyMoreOrIsGoneIsNotKept() {
        Partitions old = Partitions.of(Map.of(T, List.of(0, 1, 5), V, List.of(0)));
        Map<String, Partitions> assigned =
                uniform.assign(List.of(of("a", old, T), of("b", Partitions.NONE, T)), Map.of(T, 2));
        assertThat(assigned.values().stream().mapToInt(Partitions::count).sum()).isEqualTo(2);
        assertThat(assigned.get("a").count()).isEqualTo(1);
    }

    @Test
    void allIsGivenOutOnceAndNoMoveCouldMakeItFairer() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            Map<UUID, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                counts.put(new UUID(0, i), random.nextInt(9));
            }
            List<Subscriber> members = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(7); i++) {
                Set<UUID> topics = new HashSet<>(counts.keySet());
                topics.removeIf(topic -> random.nextInt(3) == 0);
                members.add(new Subscriber("m" + i, null, topics, Partitions.NONE));
            }
            Map<String, Partitions> assigned = uniform.assign(members, counts);
            check(seed, members, counts, assigned);
            assertThat(uniform.assign(again(members, assigned), counts))
                    .as("seed %d: it stays", seed)
                    .isEqualTo(assigned);
            members.remove(0);
            check(seed, members, counts, uniform.assign(again(members, assigned), counts));
        }
    }

    private static void check(
            long seed, List<Subscriber> members, Map<UUID, Integer> counts, Map<String, Partitions> assigned) {
        counts.forEach((topic, count) -> {
            List<Subscriber> readers =
                    members.stream().filter(one -> one.topics().contains(topic)).toList();
            for (int i = 0; i < count; i++) {
                int partition = i;
                List<Subscriber> owners = members.stream()
                        .filter(one -> assigned.get(one.id()).contains(topic, partition))
                        .toList();
                assertThat(owners).as("seed %d", seed).hasSize(readers.isEmpty() ? 0 : 1);
                for (Subscriber owner : owners) {
                    assertThat(readers).as("seed %d", seed).contains(owner);
                    int load = assigned.get(owner.id()).count();
                    assertThat(readers)
                            .as("seed %d", seed)
                            .allMatch(reader -> load - assigned.get(reader.id()).count() <= 1);
                }
            }
        });
    }
}
