package io.millrace.streams.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Aggregates;
import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topic;
import io.millrace.streams.Topics;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static final Topology TOPOLOGY = topology();
    private static final Plan PLAN = Planner.plan(TOPOLOGY, TopicPartitions.of(Map.of("rides", 4, "zones", 4)));

    private static Topology topology() {
        TopologyBuilder b = Topology.define("rides");
        var zones = b.table(Topic.of("zones", Codecs.string(), Codecs.string()));
        b.stream(Topic.of("rides", Codecs.string(), Codecs.longs()).partitions(4))
                .leftJoin(zones, (fare, zone) -> zone + fare)
                .groupBy((ride, text) -> text.length())
                .windowed(Windows.hopping(Duration.ofSeconds(10), Duration.ofSeconds(5))
                        .grace(Duration.ofSeconds(1)))
                .emit(Emit.onWindowClose())
                .lateTo("late")
                .aggregate(Aggregates.counting())
                .named("counts")
                .onError(ErrorPolicy.drop())
                .toStream()
                .to(Topic.of("out", Codecs.windowed(Codecs.ints(), 10_000), Codecs.longs()));
        return b.build();
    }

    @Test
    void describesATopologyAsItRunsOnTopicsThatItCreates() {
        assertThat(TOPOLOGY.describe()).isEqualTo(PLAN.describe());
        assertThat(TOPOLOGY.dot()).isEqualTo(PLAN.dot());
        assertThat(TOPOLOGY.describe(JobOptions.DEFAULT.withLanes(2)))
                .startsWith(PLAN.describe())
                .contains("lane 1  ring of 64 frames: process → encode; shards 1, 3");
    }

    @Test
    void drawsGraphsThatCanBeRead() {
        TopologyBuilder b = Topology.define("job");
        var odd = b.stream(Topics.matching(Pattern.compile("a\\.\"b\\\\"), Codecs.string(), Codecs.string()));
        odd.selectKey((key, value) -> value)
                .groupByKey()
                .count()
                .toStream()
                .to((key, value) -> key, Codecs.string(), Codecs.longs());

        for (String graph : List.of(b.build().dot(), PLAN.dot())) {
            DotGraph read = DotGraph.read(graph);
            assertThat(read.edges()).isNotEmpty();
            assertThat(read.nodes()).containsAll(read.edges());
        }
    }

    @Test
    void describesAPlanWithItsLanes() {
        assertThat(PLAN.describe(new LaneLayout(2, 64, List.of("decode", "process", "encode"), 16)))
                .isEqualTo("""
                job rides, 4 shards

                fragment 0
                  table.zones                                          table of zones (string → string)
                  read.rides                                           reads rides (string → long)
                  join-stream-table.read.rides+table.zones             left join of a stream with a table  ← read.rides, table.zones
                  select-key.join-stream-table.read.rides+table.zones  select key  ← join-stream-table.read.rides+table.zones

                fragment 1
                  ⇐ exchange.select-key.join-stream-table.read.rides+table.zones from fragment 0, by canonical keys over 4 shards
                      because counts needs all records of a key in one shard, but select-key.join-stream-table.read.rides+table.zones changes the key
                  counts                  aggregate in windows of 10000 ms every 5000 ms, grace 1000 ms, results on close, late records to late, drops records with errors  ← select-key.join-stream-table.read.rides+table.zones
                  table-to-stream.counts  table to stream  ← counts
                  write.counts            writes out (windowed(int,10000) → long)  ← table-to-stream.counts

                stores
                  table.zones  table(zones) with rows, canonical keys over 4 shards
                  counts  window(10000,5000), canonical keys over 4 shards

                lanes
                  lane 0  ring of 64 frames: decode → process → encode; shards 0, 2
                  lane 1  ring of 64 frames: decode → process → encode; shards 1, 3
                  between lanes  2 rings of 16 frames, one per exchange and direction
                """);
    }

    @Test
    void drawsAPlan() {
        assertThat(PLAN.dot()).isEqualTo("""
                digraph "rides" {
                  rankdir=LR;
                  subgraph cluster_0 {
                  label="fragment 0";
                  "table.zones" [shape=cds, label="table.zones\\ntable of zones (string → string)"];
                  "read.rides" [shape=cds, label="read.rides\\nreads rides (string → long)"];
                  "join-stream-table.read.rides+table.zones" [shape=cylinder, label="join-stream-table.read.rides+table.zones\\nleft join of a stream with a table"];
                  "select-key.join-stream-table.read.rides+table.zones" [shape=box, label="select-key.join-stream-table.read.rides+table.zones\\nselect key"];
                  }
                  subgraph cluster_1 {
                  label="fragment 1";
                  "counts" [shape=cylinder, label="counts\\naggregate in windows of 10000 ms every 5000 ms, grace 1000 ms, results on close, late records to late, drops records with errors"];
                  "table-to-stream.counts" [shape=box, label="table-to-stream.counts\\ntable to stream"];
                  "write.counts" [shape=cds, label="write.counts\\nwrites out (windowed(int,10000) → long)"];
                  }
                  "exchange.select-key.join-stream-table.read.rides+table.zones" [shape=diamond, label="exchange.select-key.join-stream-table.read.rides+table.zones\\ncounts needs all records of a key in one shard, but select-key.join-stream-table.read.rides+table.zones changes the key"];
                  "select-key.join-stream-table.read.rides+table.zones" -> "exchange.select-key.join-stream-table.read.rides+table.zones";
                  "read.rides" -> "join-stream-table.read.rides+table.zones";
                  "table.zones" -> "join-stream-table.read.rides+table.zones";
                  "join-stream-table.read.rides+table.zones" -> "select-key.join-stream-table.read.rides+table.zones";
                  "exchange.select-key.join-stream-table.read.rides+table.zones" -> "counts";
                  "counts" -> "table-to-stream.counts";
                  "table-to-stream.counts" -> "write.counts";
                }
                """);
    }

    @Test
    void describesTheSameTopologyInTheSameWords() {
        assertThat(topology().describe()).isEqualTo(TOPOLOGY.describe());
    }
}
