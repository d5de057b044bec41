package io.millrace.streams.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Emit;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Source;
import io.millrace.streams.Stream;
import io.millrace.streams.Table;
import io.millrace.streams.Topic;
import io.millrace.streams.Topics;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlannerTest {

    record Place(String country, String city) {}

    private static final TopicPartitions TOPICS =
            TopicPartitions.of(Map.of("four", 4, "also-four", 4, "eight", 8, "places", 4, "quoted", 4));
    private static final Topic<String, Long> FOUR = Topic.of("four", Codecs.string(), Codecs.longs());
    private static final Topic<String, Long> ALSO_FOUR = Topic.of("also-four", Codecs.string(), Codecs.longs());
    private static final Topic<String, Long> EIGHT = Topic.of("eight", Codecs.string(), Codecs.longs());
    private static final Topic<Place, Long> PLACES = Topic.of("places", Codecs.json(Place.class), Codecs.longs());
    private static final Topic<String, Long> QUOTED = Topic.of("quoted", Codecs.json(String.class), Codecs.longs());
    private static final JoinWindows SECOND = JoinWindows.within(Duration.ofSeconds(1));

    private final TopologyBuilder b = Topology.define("job");

    // ---- where an exchange is needed

    @Test
    void needsNoExchangeWhileKeysStay() {
        b.stream(FOUR)
                .filter((k, v) -> v > 0)
                .mapValues(v -> v + 1)
                .groupByKey()
                .count();

        Plan plan = plan();

        assertThat(plan.exchanges()).isEmpty();
        assertThat(plan.fragments()).hasSize(1);
        assertThat(plan.shardCount()).isEqualTo(4);
    }

    @Test
    void cutsRightBeforeTheOperatorThatNeedsIt() {
        b.stream(FOUR)
                .selectKey((k, v) -> v)
                .filter((k, v) -> v > 0)
                .named("positive")
                .groupByKey()
                .count()
                .named("counts");

        Plan plan = plan();

        Exchange exchange = only(plan.exchanges());
        assertThat(exchange.fromNode()).isEqualTo("positive");
        assertThat(exchange.toNodes()).containsExactly("counts");
        assertThat(exchange.keys()).isNull();
        assertThat(exchange.partitions()).isEqualTo(4);
        assertThat(exchange.carriesChanges()).isFalse();
        assertThat(exchange.reason())
                .isEqualTo("counts needs all records of a key in one shard, but select-key.read.four changes the key");
        assertThat(ids(plan.fragments().get(0))).containsExactly("read.four", "select-key.read.four", "positive");
        assertThat(ids(plan.fragments().get(1))).containsExactly("counts");
        assertThat(plan.fragments().get(0).exchangesOut()).containsExactly(exchange.id());
        assertThat(plan.fragments().get(1).exchangesIn()).containsExactly(exchange.id());
    }

    @Test
    void doesNotMoveRecordsThatNobodyGroups() {
        b.stream(FOUR).map((k, v) -> KeyValue.of(v, k)).foreach((k, v) -> {});

        assertThat(plan().exchanges()).isEmpty();
    }

    @Test
    void mergesExchangesThatCarryTheSame() {
        var words = b.stream(FOUR).selectKey((k, v) -> v);
        words.groupByKey().count();
        words.toTable();
        words.mapValues(v -> v).groupByKey().count();

        Plan plan = plan();

        assertThat(plan.exchanges()).hasSize(2);
        Exchange merged = plan.exchanges().get(0);
        assertThat(merged.toNodes()).containsExactly("aggregate.read.four", "stream-to-table.read.four");
        assertThat(ids(plan.fragments().get(merged.toFragment()))).containsAll(merged.toNodes());
    }

    @Test
    void movesForeignDataBeforeItIsGrouped() {
        b.source("files", new NoData()).groupByKey().count();

        Exchange exchange = only(plan().exchanges());

        assertThat(exchange.reason()).contains("source.files is foreign data");
    }

    @Test
    void notesItsSourcesSoThatNoneLosesItsPositionsWithItsName() {
        b.source("files", new NoData()).groupByKey().count().named("n");
        PlanRecord before = PlanRecord.of(plan());

        assertThat(PlanComparison.compare(before, PlanRecord.of(plan()), Set.of())
                        .refusal())
                .isEmpty();
        assertThat(before.stores())
                .filteredOn(store -> store.kind().equals("source"))
                .extracting(PlanRecord.Store::name)
                .containsExactly("source.files");
        var renamed = new PlanRecord(
                before.job(),
                before.shardCount(),
                before.stores().stream()
                        .filter(store -> !store.kind().equals("source"))
                        .toList());
        assertThat(PlanComparison.compare(before, renamed, Set.of()).refusal())
                .hasValueSatisfying(text -> assertThat(text).contains("source.files"));
        assertThat(PlanComparison.compare(before, renamed, Set.of("source.files"))
                        .refusal())
                .isEmpty();
    }

    @Test
    void runsOnOneShardIfNothingAsksForMore() {
        b.source("files", new NoData()).foreach((k, v) -> {});

        assertThat(plan().shardCount()).isEqualTo(1);
    }

    @Test
    void takesTheShardCountOfARepartition() {
        b.source("files", new NoData()).repartition(16).groupByKey().count();

        Plan plan = plan();

        assertThat(plan.shardCount()).isEqualTo(16);
        assertThat(only(plan.exchanges()).partitions()).isEqualTo(16);
        assertThat(only(plan.exchanges()).reason()).isEqualTo("repartition.source.files asks for it");
    }

    @Test
    void movesRecordsOfTopicsWithDifferentPartitionCountsBeforeTheyAreGrouped() {
        b.stream(Topics.of(List.of("four", "eight"), Codecs.string(), Codecs.longs()))
                .groupByKey()
                .count();

        assertThat(only(plan().exchanges()).reason()).contains("different partition counts, [4, 8]");
    }

    @Test
    void movesMergedStreamsThatAreSpreadInDifferentWays() {
        b.stream(FOUR).merge(b.stream(EIGHT)).groupByKey().count();

        assertThat(only(plan().exchanges()).reason()).contains("spread in different ways");
    }

    @Test
    void leavesMergedStreamsThatAreSpreadAlike() {
        b.stream(FOUR).merge(b.stream(ALSO_FOUR)).groupByKey().count();

        assertThat(plan().exchanges()).isEmpty();
    }

    @Test
    void movesWhatAProcessorHandsOn() {
        b.stream(FOUR)
                .<Long, String>process(() -> (k, v, context) -> context.forward(v, k))
                .groupByKey()
                .count();

        assertThat(only(plan().exchanges()).reason()).contains("process.read.four may change the key");
    }

    @Test
    void keepsWindowedKeysWhereTheirInnerKeysAre() {
        b.stream(FOUR)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofSeconds(1)))
                .count()
                .toStream()
                .groupByKey()
                .count();

        assertThat(plan().exchanges()).isEmpty();
    }

    @Test
    void remembersTheCodecOfATopicInsideOfWindowedKeys() {
        b.stream(QUOTED)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofSeconds(1)))
                .count()
                .toStream()
                .groupByKey()
                .count()
                .named("again");

        assertThat(plan().stores())
                .filteredOn(store -> store.name().equals("again"))
                .extracting(Plan.PlannedStore::keysName)
                .containsExactly("windowed(json(java.lang.String),1000)");
    }

    @Test
    void movesChangesOfAGroupedTable() {
        b.table(FOUR).groupBy((k, v) -> KeyValue.of(v, k)).count();

        Exchange exchange = only(plan().exchanges());

        assertThat(exchange.carriesChanges()).isTrue();
        assertThat(exchange.fromNode()).isEqualTo("table-group-by.table.four");
    }

    // ---- joins

    @Test
    void joinsTopicsOfEqualPartitionCountsInPlace() {
        b.stream(FOUR).join(b.table(ALSO_FOUR), Long::sum);

        Plan plan = plan();

        assertThat(plan.exchanges()).isEmpty();
        assertThat(plan.fragments()).hasSize(1);
    }

    @Test
    void refusesToJoinTopicsOfDifferentPartitionCounts() {
        b.stream(FOUR).join(b.table(EIGHT), Long::sum).named("both");

        assertThatThrownBy(this::plan)
                .isInstanceOf(PlanningException.class)
                .hasMessage(
                        "both joins read.four (4 partitions) with table.eight (8 partitions): equal keys would be in"
                                + " different shards. Put .repartition(8) on the stream before the join");
    }

    @Test
    void refusesToJoinTablesOfDifferentPartitionCounts() {
        b.table(FOUR).join(b.table(EIGHT), Long::sum);

        assertThatThrownBy(this::plan).hasMessageContaining("Create both topics with the same partition count");
    }

    @Test
    void movesAReKeyedStreamToTheTableItMeets() {
        b.stream(EIGHT).selectKey((k, v) -> k).join(b.table(FOUR), Long::sum);

        Plan plan = plan();

        assertThat(plan.shardCount()).isEqualTo(8);
        assertThat(only(plan.exchanges()).partitions()).isEqualTo(4);
        assertThat(plan.fragments()).hasSize(2);
    }

    @Test
    void movesAStreamWhoseKeysHaveOtherBytesThanThoseOfTheTableItMeets() {
        b.stream(FOUR).join(b.table(QUOTED), Long::sum);

        Exchange exchange = only(plan().exchanges());

        assertThat(exchange.fromNode()).isEqualTo("read.four");
        assertThat(exchange.keys()).isSameAs(QUOTED.keys());
        assertThat(exchange.reason()).contains("they are encoded as canonical and json(java.lang.String)");
    }

    @Test
    void movesTheSecondOfTwoStreamsWhoseKeysHaveOtherBytes() {
        b.stream(QUOTED).join(b.stream(FOUR), Long::sum, SECOND);

        Exchange exchange = only(plan().exchanges());

        assertThat(exchange.fromNode()).isEqualTo("read.four");
        assertThat(exchange.keys()).isSameAs(QUOTED.keys());
    }

    @Test
    void refusesToJoinTablesWhoseKeysHaveOtherBytes() {
        b.table(FOUR).join(b.table(QUOTED), Long::sum);

        assertThatThrownBy(this::plan)
                .isInstanceOf(PlanningException.class)
                .hasMessageContaining("use one codec for the keys of both tables");
    }

    @Test
    void usesTheCodecOfTheTopicThatAReKeyedStreamMeets() {
        b.stream(FOUR).selectKey((k, v) -> new Place(k, k)).join(b.table(PLACES), Long::sum);

        Exchange exchange = only(plan().exchanges());

        assertThat(exchange.keys()).isSameAs(PLACES.keys());
    }

    @Test
    void remembersTheCodecOfATopicThroughAnAggregate() {
        Table<Place, Long> counts = b.stream(PLACES).groupByKey().count();
        b.stream(FOUR).selectKey((k, v) -> new Place(k, k)).join(counts, Long::sum);

        Plan plan = plan();

        assertThat(only(plan.exchanges()).keys()).isSameAs(PLACES.keys());
        assertThat(plan.stores().get(0).keys()).isSameAs(PLACES.keys());
    }

    @Test
    void movesBothSidesIfBothAreReKeyed() {
        b.stream(FOUR).selectKey((k, v) -> v).join(b.stream(ALSO_FOUR).selectKey((k, v) -> v), Long::sum, SECOND);

        Plan plan = plan();

        assertThat(plan.exchanges()).hasSize(2).allMatch(e -> e.toFragment() == 2 && e.partitions() == 4);
    }

    @Test
    void movesAStreamOnceForAJoinWithItself() {
        Stream<Long, Long> values = b.stream(FOUR).selectKey((k, v) -> v);
        values.join(values, Long::sum, SECOND);

        assertThat(only(plan().exchanges()).toNodes()).hasSize(1);
    }

    // ---- order of fragments

    @Test
    void putsDeeperFragmentsBehind() {
        Stream<Long, Long> first =
                b.stream(FOUR).selectKey((k, v) -> v).groupByKey().count().toStream();
        Stream<Long, Long> second =
                first.selectKey((k, v) -> v).groupByKey().count().toStream();
        first.merge(second).selectKey((k, v) -> k).toTable();

        Plan plan = plan();

        assertThat(plan.exchanges()).allMatch(e -> e.fromFragment() < e.toFragment());
        assertThat(plan.fragments()).extracting("index").containsExactly(0, 1, 2, 3);
    }

    @Test
    void breaksACircleWithOneMoreExchange() {
        Stream<String, Long> four = b.stream(FOUR);
        four.merge(four.selectKey((k, v) -> k).repartition()).groupByKey().count();

        Plan plan = plan();

        assertThat(plan.exchanges()).allMatch(e -> e.fromFragment() < e.toFragment());
        assertThat(plan.exchanges())
                .extracting("reason")
                .contains("merge.read.four is also reached through an exchange from upstream");
    }

    @Test
    void keepsTheWaysOutOfASplitBesideIt() {
        var split = b.stream(FOUR).split();
        var first = split.when((k, v) -> v > 0);
        var rest = split.otherwise();
        rest.merge(first.selectKey((k, v) -> k).repartition()).groupByKey().count();

        assertThat(plan().exchanges()).extracting(Exchange::fromNode).noneMatch(id -> id.startsWith("split"));
    }

    @Test
    void keepsTheWaysOutOfASplitBesideItWhenTablesAreCopied() {
        Table<String, Long> counts = b.stream(FOUR).groupByKey().count();
        counts.toStream().selectKey((k, v) -> k).join(counts, Long::sum);
        var split = b.stream(ALSO_FOUR).split();
        split.when((k, v) -> v > 0)
                .merge(split.otherwise().selectKey((k, v) -> k).repartition());

        assertThat(plan().exchanges()).extracting(Exchange::fromNode).noneMatch(id -> id.startsWith("split"));
    }

    @Test
    void bringsATableToTheStreamThatLooksIntoIt() {
        Stream<String, Long> four = b.stream(FOUR);
        Table<String, Long> counts = four.groupByKey().count();
        four.selectKey((k, v) -> k).join(counts, Long::sum);

        Plan plan = plan();

        assertThat(plan.exchanges()).allMatch(e -> e.fromFragment() < e.toFragment());
        assertThat(plan.fragments()).hasSize(2);
        assertThat(ids(plan.fragments().get(1)))
                .contains("aggregate.read.four", "join-stream-table.read.four+aggregate.read.four");
    }

    @Test
    void copiesATableThatIsLookedIntoFromTwoLevels() {
        Table<String, Long> four = b.table(FOUR);
        Table<String, Long> alsoFour = b.table(ALSO_FOUR);
        Table<String, Long> grouped =
                alsoFour.groupBy((k, v) -> KeyValue.of(k, v)).count();
        four.join(alsoFour, Long::sum).named("direct");
        four.join(grouped, Long::sum).named("deep");

        Plan plan = plan();

        assertThat(plan.exchanges()).allMatch(e -> e.fromFragment() < e.toFragment());
        assertThat(plan.exchanges()).extracting("fromNode").contains("copy-out.table.four");
        assertThat(ids(plan.fragments().get(0))).contains("direct", "copy-out.table.four");
        assertThat(ids(plan.fragments().get(1))).contains("deep", "copy.table.four");
        assertThat(plan.stores()).extracting("name").contains("copy.table.four");
    }

    @Test
    void computesATableOnceMoreFromCopies() {
        Table<String, Long> four = b.table(FOUR);
        Table<String, Long> alsoFour = b.table(ALSO_FOUR);
        four.join(alsoFour, Long::sum);
        Table<String, Long> positive = four.filter((k, v) -> v > 0).named("positive");
        positive.toStream();
        positive.join(alsoFour.groupBy((k, v) -> KeyValue.of(k, v)).count(), Long::sum)
                .named("deep");

        Fragment upper = plan().fragments().get(1);

        assertThat(ids(upper)).contains("copy.table.four", "copy.positive", "deep");
        assertThat(upper.nodes())
                .filteredOn(node -> node.id().equals("deep"))
                .singleElement()
                .satisfies(node -> assertThat(node.inputs()).contains("copy.positive"));
    }

    @Test
    void copiesATableThatFeedsWhatLooksIntoIt() {
        Table<String, Long> counts = b.stream(FOUR).groupByKey().count().named("counts");
        counts.toStream().selectKey((k, v) -> k).join(counts, Long::sum).named("loop");

        Plan plan = plan();

        assertThat(plan.exchanges()).allMatch(e -> e.fromFragment() < e.toFragment());
        assertThat(plan.exchanges().get(0).fromNode())
                .as("the copy is up to date before what comes with it")
                .isEqualTo("copy-out.counts");
        assertThat(ids(plan.fragments().get(1))).contains("loop", "copy.counts");
    }

    // ---- topics and stores

    @Test
    void refusesATopicThatDoesNotExist() {
        b.stream(Topic.of("nowhere", Codecs.string(), Codecs.string())).named("in");

        assertThatThrownBy(this::plan).hasMessageStartingWith("topic nowhere, read by in, does not exist; create it");
    }

    @Test
    void refusesAPatternThatMatchesNothing() {
        b.stream(Topics.matching(Pattern.compile("x.*"), Codecs.string(), Codecs.string()));

        assertThatThrownBy(this::plan).hasMessageStartingWith("no topic matches");
    }

    @Test
    void namesTheStoresAndWhatMustNotChange() {
        Table<String, Long> table = b.table(FOUR).named("rows");
        b.stream(ALSO_FOUR)
                .join(table, Long::sum)
                .groupByKey()
                .windowed(Windows.hopping(Duration.ofSeconds(10), Duration.ofSeconds(2)))
                .count()
                .named("counts");

        assertThat(plan().stores())
                .containsExactly(
                        new Plan.PlannedStore("rows", "table(four) with rows", null, 4, ""),
                        new Plan.PlannedStore("counts", "window(10000,2000)", null, 4, "java.lang.Long"));
    }

    @Test
    void namesWhatATableWithoutRowsAndAnAggregateThatHoldsUpdatesKeep() {
        b.table(FOUR).named("passed-on").toStream().to(Topic.of("out", Codecs.string(), Codecs.longs()));
        b.stream(ALSO_FOUR)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofSeconds(10)))
                .emit(Emit.onUpdateAtMost(Duration.ofSeconds(1)))
                .count()
                .named("counts");

        assertThat(plan().stores())
                .containsExactly(
                        new Plan.PlannedStore("passed-on", "table(four)", null, 4, ""),
                        new Plan.PlannedStore("counts", "window(10000,10000)", null, 4, "java.lang.Long"),
                        new Plan.PlannedStore("counts/held", "held", null, 4, ""));
    }

    private Plan plan() {
        return Planner.plan(b.build(), TOPICS);
    }

    private static Exchange only(List<Exchange> exchanges) {
        assertThat(exchanges).hasSize(1);
        return exchanges.get(0);
    }

    private static List<String> ids(Fragment fragment) {
        return fragment.nodes().stream().map(Node::id).toList();
    }

    private static final class NoData implements Source<String, Long> {
        @Override
        public List<String> splits() {
            return List.of("only");
        }

        @Override
        public Reader<String, Long> open(String split, Map<String, String> position) {
            throw new IllegalStateException("planning must not open a source");
        }
    }
}
