package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Emit;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.Windows;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorRowsTest {

    private final TestJob job = new TestJob();
    private final String in = job.source("in");
    private final OperatorRows rows = new OperatorRows(job.shard, JavaCodecs.KEYS, JavaCodecs.VALUES);

    private List<String> table(String id) throws Exception {
        List<String> found = new ArrayList<>();
        rows.table(job.node(id), (key, value) -> found.add(key + "=" + value));
        return found;
    }

    @Test
    void showsResultsInOrderOfKeyBytes() throws Exception {
        job.add("count", new Operation.AggregateStream(TestAggregates.COUNT, null, Emit.onUpdate()), in);

        job.pipe(in, "b", "x", 1).pipe(in, "a", "x", 1).pipe(in, "b", "x", 2);

        assertThat(table("count")).containsExactly("a=1", "b=2");
    }

    @Test
    void showsOpenWindowsByTheirStart() throws Exception {
        job.add(
                "count",
                new Operation.AggregateStream(TestAggregates.COUNT, new Windows(10, 10, 15), Emit.onUpdate()),
                in);

        job.pipe(in, "b", "x", 1).pipe(in, "a", "x", 12).pipe(in, "a", "x", 21).pipe(in, "b", "x", 25);

        assertThat(table("count"))
                .containsExactly(
                        "Windowed[key=a, startMs=10, endMs=20]=1",
                        "Windowed[key=a, startMs=20, endMs=30]=1",
                        "Windowed[key=b, startMs=20, endMs=30]=1");
    }

    @Test
    void showsTablesAndGroups() throws Exception {
        String table = job.add("table", new Operation.StreamToTable(), in);
        String grouped =
                job.add("group", new Operation.TableGroupBy((key, value) -> new KeyValue<>(value, key)), table);
        job.add("count", new Operation.AggregateTable(TestAggregates.COUNT), grouped);

        job.pipe(in, "a", "x", 1).pipe(in, "b", "x", 1);

        assertThat(table("table")).containsExactly("a=x", "b=x");
        assertThat(table("count")).containsExactly("x=2");
    }

    @Test
    void showsStoresOfProcessors() throws Exception {
        job.add(
                "processor",
                new Operation.RunProcessor(
                        new ProcessorSupplier<>() {
                            @Override
                            public Processor<Object, Object, Object, Object> create() {
                                return (key, value, context) ->
                                        context.<Object, Object>store("last").put(key, value);
                            }

                            @Override
                            public List<String> stores() {
                                return List.of("last");
                            }
                        },
                        false),
                in);
        job.pipe(in, "a", "x", 1).pipe(in, "a", "y", 2);

        List<String> found = new ArrayList<>();
        rows.store(job.node("processor"), "last", (key, value) -> found.add(key + "=" + value));

        assertThat(found).containsExactly("a=y");
    }

    @Test
    void saysWhichOperatorKeepsNoTable() {
        Node filter = new Node("no-table", List.of(in), new Operation.Filter((key, value) -> true, false), null, null);

        assertThatThrownBy(() -> rows.table(filter, (key, value) -> true))
                .hasMessage("operator no-table keeps no table");
    }
}
