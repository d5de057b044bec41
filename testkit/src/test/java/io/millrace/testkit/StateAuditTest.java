package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Aggregates;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateAuditTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> TABLE = Topic.of("table", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT = Topic.of("out", Codecs.string(), Codecs.string());

    private final TopologyBuilder job = Topology.define("job");

    private io.millrace.streams.Table<String, ArrayList<String>> lists() {
        return job.stream(TABLE)
                .mapValues(value -> new ArrayList<>(List.of(value)))
                .toTable()
                .named("lists");
    }

    @Test
    void namesTheJoinThatChangedARowOfItsTable() {
        job.stream(IN)
                .join(lists(), (value, list) -> {
                    list.add(value);
                    return list.toString();
                })
                .named("greedy")
                .to(OUT);
        JobTester tester = JobTester.of(job.build());
        tester.pipe(TABLE, "a", "row", 1);

        assertThatThrownBy(() -> tester.pipe(IN, "a", "x", 2))
                .isInstanceOf(MutatedStateError.class)
                .hasMessageContaining("operator greedy")
                .hasMessageContaining("[row, x]");
    }

    @Test
    void namesTheProcessorThatChangedWhatItsStoreHolds() {
        job.stream(IN)
                .process(new ProcessorSupplier<String, String, String, String>() {
                    @Override
                    public Processor<String, String, String, String> create() {
                        return (key, value, context) -> {
                            ArrayList<String> list = context.<String, ArrayList<String>>store("lists")
                                    .get(key);
                            if (list == null) {
                                context.<String, ArrayList<String>>store("lists")
                                        .put(key, new ArrayList<>());
                            } else {
                                list.add(value);
                            }
                        };
                    }

                    @Override
                    public List<String> stores() {
                        return List.of("lists");
                    }
                })
                .named("careless")
                .to(OUT);
        JobTester tester = JobTester.of(job.build());
        tester.pipe(IN, "a", "x", 1);

        assertThatThrownBy(() -> tester.pipe(IN, "a", "y", 2))
                .isInstanceOf(MutatedStateError.class)
                .hasMessageContaining("operator careless");
    }

    @Test
    void findsAtTheEndWhatAFunctionKeptAndChangedLater() {
        List<ArrayList<String>> kept = new ArrayList<>();
        job.stream(IN)
                .join(lists(), (value, list) -> {
                    kept.add(list);
                    return value;
                })
                .named("keeper")
                .to(OUT);
        JobTester tester = JobTester.of(job.build());
        tester.pipe(TABLE, "a", "row", 1).pipe(IN, "a", "x", 2);
        kept.get(0).clear();

        assertThatThrownBy(tester::close).isInstanceOf(MutatedStateError.class).hasMessageContaining("keeper");
    }

    @Test
    void letsAggregatesChangeTheirOwnAccumulators() {
        job.stream(IN)
                .groupByKey()
                .aggregate(Aggregates.collecting())
                .toStream()
                .mapValues(list -> list.toString())
                .to(OUT);
        try (JobTester tester = JobTester.of(job.build())) {
            tester.pipe(IN, "a", "x", 1).pipe(IN, "a", "y", 2).pipe(IN, "a", "z", 3);

            assertThat(tester.readText(OUT)).containsExactly("a=[x]@1", "a=[x, y]@2", "a=[x, y, z]@3");
        }
    }
}
