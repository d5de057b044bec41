package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.G;
import static io.millrace.coordinator.ConsumerHarness.REBALANCE_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.assign.Partitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member of the consumer protocol, as Kafka's clients behave: it lets go what the newest assignment takes before it takes what
 * the assignment gives, and says so with its next heartbeat.
 */
final class TestConsumer {

    private final ConsumerHarness group;
    private final @Nullable String instance;
    private String id;
    private int epoch;
    private List<String> topics = List.of("t");
    private @Nullable String regex;
    private @Nullable String assignor;
    private boolean hasNews = true;
    private Partitions owned = Partitions.NONE;
    private @Nullable Partitions assigned;

    /** What it has said that it has. */
    private Partitions said = Partitions.NONE;

    TestConsumer(ConsumerHarness group, String id, @Nullable String instance) {
        this.group = group;
        this.id = id;
        this.instance = instance;
    }

    TestConsumer reading(String... names) {
        topics = List.of(names);
        hasNews = true;
        return this;
    }

    TestConsumer readingBy(String expression) {
        regex = expression;
        topics = List.of();
        hasNews = true;
        return this;
    }

    TestConsumer with(String wantedAssignor) {
        assignor = wantedAssignor;
        return this;
    }

    String id() {
        return id;
    }

    int epoch() {
        return epoch;
    }

    @Nullable
    String instance() {
        return instance;
    }

    Partitions owned() {
        return owned;
    }

    /** How many partitions it has. */
    int count() {
        return owned.count();
    }

    /** Whether it was told of an assignment that it has not carried out. */
    boolean isBehind() {
        return assigned != null && !assigned.equals(owned);
    }

    /** Forgets everything, and is another member from now on. */
    void restart(String newId) {
        id = newId;
        forget();
    }

    /** Has nothing any more, and joins with its next heartbeat. */
    void forget() {
        epoch = 0;
        owned = Partitions.NONE;
        said = Partitions.NONE;
        assigned = null;
        hasNews = true;
    }

    /** Says what it has, hears what it may take, and does that at once. */
    TestConsumer beat() {
        assertThat(tryBeat()).isEqualTo(ErrorCode.NONE);
        obey();
        return this;
    }

    /** Says what it has, and hears what it may take. */
    ErrorCode tryBeat() {
        Beat beat = group.beat(request(epoch));
        if (beat.error() == ErrorCode.NONE) {
            hear(beat);
        }
        return beat.error();
    }

    void hear(Beat beat) {
        epoch = beat.epoch();
        hasNews = false;
        said = owned;
        if (beat.assignment() != null) {
            assigned = beat.assignment();
        }
    }

    /**
     * It did not hear the answer, or heard an error: it says everything the next time, and is told everything.
     *
     * <p>It also lets go of the assignment that it was about to carry out, which Kafka's client does not. Were the answer that
     * was lost one that took a partition of that assignment back, then the next heartbeat, without it, would be taken for its
     * release, and the partition would go to somebody else while the client may still take it for a moment. The protocol has
     * nothing against that, here as in Kafka: what a member has is what it says.
     */
    void missed() {
        hasNews = true;
        assigned = null;
    }

    ConsumerHeartbeat request(int atEpoch) {
        boolean full = atEpoch == 0 || hasNews;
        return new ConsumerHeartbeat(
                G,
                id,
                atEpoch,
                instance,
                null,
                "client",
                "/10.0.0.1",
                full ? REBALANCE_MS : -1,
                full ? topics : null,
                full ? (regex == null ? "" : regex) : null,
                assignor,
                atEpoch == 0 ? Partitions.NONE : full || !owned.equals(said) ? owned : null,
                true,
                name -> !name.startsWith("secret"));
    }

    /** Lets go what the assignment takes. */
    void release() {
        Partitions kept = Optional.ofNullable(assigned).orElse(owned);
        owned = Holdings.of(owned, 0).among(kept).partitions();
    }

    /** Lets go, and takes what is given. */
    void obey() {
        owned = Optional.ofNullable(assigned).orElse(owned);
    }

    ErrorCode leave() {
        ErrorCode error = group.beat(request(instance == null ? -1 : -2)).error();
        forget();
        return error;
    }

    ErrorCode leaveForGood() {
        ErrorCode error = group.beat(request(-1)).error();
        forget();
        return error;
    }

    Committer asCommitter() {
        return new Committer(id, instance, epoch);
    }

    /** All that it has, by name. */
    List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        ReadTopics.withNames(owned, group.topics())
                .forEach((name, ofTopic) -> ofTopic.forEach(partition -> all.add(new TopicPartition(name, partition))));
        return all;
    }
}
