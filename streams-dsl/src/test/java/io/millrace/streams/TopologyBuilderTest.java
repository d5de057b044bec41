package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.DeclaredTopic;
import io.millrace.streams.topology.Operation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a topology refuses, and what it says then. */
class TopologyBuilderTest {

    private static final Topic<String, Long> NUMBERS = Topic.of("numbers", Codecs.string(), Codecs.longs());

    private final TopologyBuilder b = Topology.define("job");
    private final Stream<String, Long> numbers = b.stream(NUMBERS);

    @Test
    void refusesAnEmptyTopology() {
        assertThatThrownBy(() -> Topology.define("empty").build()).hasMessageContaining("begin with stream(topic)");
    }

    @Test
    void refusesNamesThatCannotBePartOfATopicName() {
        assertThatThrownBy(() -> Topology.define("a job")).hasMessageContaining("not a name for a job: 'a job'");
        assertThatThrownBy(() -> Topic.of("..", Codecs.string(), Codecs.string()))
                .hasMessageContaining("not . or ..");
        assertThatThrownBy(() -> numbers.named("")).hasMessageContaining("1 to 100");
    }

    @Test
    void refusesInputsOfTwoTopologies() {
        Stream<String, Long> foreign = Topology.define("other").stream(NUMBERS);

        assertThatThrownBy(() -> numbers.merge(foreign)).hasMessageContaining("job and other");
    }

    @Test
    void refusesASplitThatLeadsNowhere() {
        numbers.split();

        assertThatThrownBy(b::build).hasMessageContaining("leads nowhere");
    }

    @Test
    void refusesResultsOnCloseWithoutWindows() {
        assertThatThrownBy(() -> numbers.groupByKey().aggregate(Aggregates.counting(), Emit.onWindowClose()))
                .hasMessageContaining("never closes");
    }

    @Test
    void refusesAnAggregateOfATableThatCannotRemove() {
        GroupedTable<String, Long> grouped = numbers.toTable().groupBy((k, v) -> KeyValue.of(k, v));

        assertThatThrownBy(() -> grouped.aggregate(Aggregates.maxBy(Comparator.naturalOrder())))
                .hasMessageContaining("cannot remove the old one");
    }

    @Test
    void refusesToNameWhatIsNoOperator() {
        assertThatThrownBy(() -> numbers.groupByKey().named("x")).hasMessageContaining("name the aggregate");
        assertThatThrownBy(() -> numbers.filter((k, v) -> true).lateTo("late")).hasMessageContaining("behind the join");
    }

    @Test
    void refusesATopicThatIsDeclaredInTwoWays() {
        numbers.to(Topic.of("out", Codecs.string(), Codecs.longs()).partitions(2));
        numbers.to(Topic.of("out", Codecs.string(), Codecs.longs()).partitions(3))
                .named("second");

        assertThatThrownBy(b::build).hasMessageContaining("with 2 partitions and, at second, with 3");
    }

    @Test
    void refusesATopicThatIsReadTwice() {
        b.table(NUMBERS);

        assertThatThrownBy(b::build)
                .hasMessageContaining("numbers is read by read.numbers and by table.numbers")
                .hasMessageContaining("read it once and use the stream or table twice");
    }

    @Test
    void refusesATopicThatIsReadTwiceInAList() {
        b.stream(Topics.of(List.of("more", "numbers"), Codecs.string(), Codecs.longs()));

        assertThatThrownBy(b::build).hasMessageContaining("numbers is read by read.numbers and by read.more+numbers");
    }

    @Test
    void declaresEachTopicOnce() {
        numbers.to(Topic.of("numbers", Codecs.string(), Codecs.longs())
                .partitions(2)
                .config("cleanup.policy", "compact"));

        assertThat(b.build().topics())
                .containsExactly(new DeclaredTopic("numbers", 2, Map.of("cleanup.policy", "compact"), true));
    }

    @Test
    void givesTheRestOfASplitTheIndexBehindTheLastPredicate() {
        Split<String, Long> split = numbers.split().named("split");
        split.otherwise().named("rest");
        split.when((k, v) -> v > 0).named("first");
        split.when((k, v) -> v < 0).named("second");

        Topology topology = b.build();

        assertThat(topology.node("rest").operation()).isEqualTo(new Operation.Branch(2));
        assertThat(((Operation.Split) topology.node("split").operation()).predicates())
                .hasSize(2);
    }

    @Test
    void appliesPoliciesToTheOperatorMadeLast() {
        numbers.mapValues(v -> v).named("mapped").onError(ErrorPolicy.drop());
        b.onError(ErrorPolicy.deadLetter("dead")).onProductionError(ErrorPolicy.fail());

        Topology topology = b.build();

        assertThat(topology.node("mapped").errorPolicy()).isEqualTo(ErrorPolicy.drop());
        assertThat(topology.node("read.numbers").errorPolicy()).isNull();
        assertThat(topology.policies())
                .isEqualTo(new ErrorPolicies(
                        ErrorPolicy.deadLetter("dead"), ErrorPolicy.deadLetter("dead"), ErrorPolicy.fail()));
        assertThat(topology.topics()).extracting(DeclaredTopic::name).contains("dead");
    }

    @Test
    void refusesWindowsThatCannotBe() {
        assertThatThrownBy(() -> Windows.tumbling(Duration.ZERO)).hasMessageContaining("longer than 0 ms");
        assertThatThrownBy(() -> Windows.hopping(Duration.ofMillis(5), Duration.ofMillis(6)))
                .hasMessageContaining("up to their size of 5 ms");
    }
}
