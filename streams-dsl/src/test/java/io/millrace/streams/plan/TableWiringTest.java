package io.millrace.streams.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableWiringTest {

    private static final Node TABLE =
            node("table", new Operation.ReadTable("t", Codecs.string(), Codecs.string(), null));
    private static final Node FILTER = node("filter", new Operation.TableFilter((key, value) -> true, false), "table");

    private static final Map<String, String> COPIES = Map.of("up.table", "table", "up.filter", "filter");

    private static Node node(String id, Operation operation, String... inputs) {
        return new Node(id, List.of(inputs), operation, null, null);
    }

    private static TableWiring wiring(Fragment... fragments) {
        return new TableWiring(fragments[0], List.of(fragments), COPIES);
    }

    private static Fragment fragment(int index, Node... nodes) {
        return new Fragment(index, List.of(nodes), List.of(), List.of());
    }

    private static Node join(JoinKind kind, String left, String right) {
        return node("join", new Operation.JoinTableTable((l, r) -> l, kind), left, right);
    }

    @Test
    void keepsNoRowsThatNobodyAsksFor() {
        TableWiring wiring = wiring(fragment(0, TABLE, FILTER));

        assertThat(wiring.keepsRows(TABLE)).isFalse();
        assertThat(wiring.sendsOld(FILTER)).isFalse();
    }

    @Test
    void tellsAFilterTheRowBeforeOnlyIfTheTableWasKeptWhenItWasAdded() {
        Node lookup = node("lookup", new Operation.JoinStreamTable((l, r) -> l, JoinKind.INNER), "stream", "table");

        assertThat(wiring(fragment(0, TABLE, FILTER, lookup)).sendsOld(FILTER)).isFalse();
        assertThat(wiring(fragment(0, TABLE, lookup, FILTER)).sendsOld(FILTER)).isTrue();
    }

    @Test
    void asksOfATableWhatIsAskedOfItsCopy() {
        Node copy = node("up.table", new Operation.StreamToTable(), "out.table");
        Node filterOfCopy = node("up.filter", FILTER.operation(), "up.table");
        Node other = node("other", new Operation.ReadTable("o", Codecs.string(), Codecs.string(), null));
        Fragment upper = fragment(1, copy, filterOfCopy, other, join(JoinKind.LEFT, "up.filter", "other"));

        TableWiring wiring = wiring(fragment(0, TABLE, FILTER), upper);

        assertThat(wiring.sendsOld(FILTER)).isTrue();
        assertThat(wiring.keepsRows(TABLE)).isTrue();
    }
}
