package io.millrace.coordinator.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ranges of each topic, in order of members. */
final class RangeAssignorTest {

    private static final UUID T = new UUID(0, 1);
    private static final UUID U = new UUID(0, 2);

    private final Assignor range = new RangeAssignor();

    private static Subscriber of(String id, @Nullable String instance, UUID... topics) {
        return new Subscriber(id, instance, Set.of(topics), Partitions.NONE);
    }

    @Test
    void whatBelongsTogetherGoesToTheSameMember() {
        Map<String, Partitions> assigned =
                range.assign(List.of(of("b", null, T, U), of("a", null, T, U)), Map.of(T, 3, U, 3));
        assertThat(assigned.get("a")).isEqualTo(Partitions.of(Map.of(T, List.of(0, 1), U, List.of(0, 1))));
        assertThat(assigned.get("b")).isEqualTo(Partitions.of(Map.of(T, List.of(2), U, List.of(2))));
    }

    @Test
    void staticMembersComeFirstInOrderOfInstance() {
        Map<String, Partitions> assigned =
                range.assign(List.of(of("a", null, T), of("b", "2", T), of("c", "1", T)), Map.of(T, 4));
        assertThat(assigned.get("c").of(T)).containsExactly(0, 1);
        assertThat(assigned.get("b").of(T)).containsExactly(2);
        assertThat(assigned.get("a").of(T)).containsExactly(3);
    }

    @Test
    void eachTopicIsSharedByThoseWhoReadIt() {
        Map<String, Partitions> assigned =
                range.assign(List.of(of("a", null, T), of("b", null, T, U), of("c", null, U)), Map.of(T, 2, U, 1));
        assertThat(assigned.get("a")).isEqualTo(Partitions.of(Map.of(T, List.of(0))));
        assertThat(assigned.get("b")).isEqualTo(Partitions.of(Map.of(T, List.of(1), U, List.of(0))));
        assertThat(assigned.get("c")).isEqualTo(Partitions.NONE);
    }
}
