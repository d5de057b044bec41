package io.millrace.conformance.streams;

import io.millrace.streams.Aggregates;
import io.millrace.streams.GroupedTable;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Table;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedTable;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/** Puts a random operator behind a random table. */
final class TableOperators {

    private static final Materialized<String, String, KeyValueStore<Bytes, byte[]>> STRINGS =
            Materialized.with(Serdes.String(), Serdes.String());

    private final TwinBuilder twin;

    TableOperators(TwinBuilder twin) {
        this.twin = twin;
    }

    /** No filters and no outer joins where Kafka would say of a new row that its initial value is gone. */
    void add() {
        TwinTable from = twin.any(twin.tables);
        int n = twin.variant();
        String what = name(from) + ".";
        switch (from.showsInitial() ? 2 + twin.random.nextInt(6) : twin.random.nextInt(8)) {
            case 0 ->
                put(
                        what + "filter " + n,
                        from.to(
                                from.ours().filter((k, v) -> Functions.test(n, k, v)),
                                from.kafkas().filter((k, v) -> Functions.test(n, k, v))));
            case 1 ->
                put(
                        what + "filterNot " + n,
                        from.to(
                                from.ours().filterNot((k, v) -> Functions.test(n, k, v)),
                                from.kafkas().filterNot((k, v) -> Functions.test(n, k, v))));
            case 2 ->
                put(
                        what + "mapValues " + n,
                        from.to(
                                from.ours().mapValues((k, v) -> Functions.mapValue(n, k, v)),
                                from.kafkas().mapValues((k, v) -> Functions.mapValue(n, k, v))));
            case 3 -> toStream(from);
            case 4, 5 -> aggregate(from, n);
            default -> join(from);
        }
    }

    private void put(String what, TwinTable table) {
        twin.say("table " + twin.tables.size() + " = " + what);
        twin.tables.add(table);
    }

    private String name(TwinTable table) {
        return "table " + twin.tables.indexOf(table);
    }

    private void toStream(TwinTable from) {
        twin.say("stream " + twin.streams.size() + " = " + name(from) + ".toStream");
        twin.streams.add(new TwinStream(
                from.ours().toStream(),
                from.kafkas().toStream(),
                from.sources(),
                false,
                from.exchanged(),
                from.disorderMs(),
                false));
    }

    /** Not where Kafka would remove an initial value from its group, which was never added to it. */
    private void aggregate(TwinTable from, int n) {
        if (from.showsInitial()) {
            return;
        }
        GroupedTable<String, String> ours =
                from.ours().groupBy((k, v) -> KeyValue.of(twin.newKey(n, k, v), Functions.mapValue(n, k, v)));
        KGroupedTable<String, String> kafkas = from.kafkas()
                .groupBy(
                        (k, v) -> org.apache.kafka.streams.KeyValue.pair(
                                twin.newKey(n, k, v), Functions.mapValue(n, k, v)),
                        Grouped.with(Serdes.String(), Serdes.String()));
        String what = name(from) + ".groupBy " + n;
        switch (twin.random.nextInt(3)) {
            case 0 ->
                putGrouped(
                        what + ".count",
                        from,
                        ours.count().mapValues(String::valueOf),
                        kafkas.count(Materialized.with(Serdes.String(), Serdes.Long()))
                                .mapValues(String::valueOf));
            case 1 ->
                putGrouped(
                        what + ".reduce",
                        from,
                        ours.reduce(Functions::join, Functions::without),
                        kafkas.reduce(Functions::join, Functions::without, STRINGS));
            default ->
                putGrouped(
                        what + ".aggregate",
                        from,
                        ours.aggregate(Aggregates.of(
                                () -> "",
                                (k, v, total) -> Functions.join(total, v),
                                Functions::join,
                                (k, v, total) -> Functions.without(total, v))),
                        kafkas.aggregate(
                                () -> "",
                                (k, v, total) -> Functions.join(total, v),
                                (k, v, total) -> Functions.without(total, v),
                                STRINGS));
        }
    }

    private void putGrouped(String what, TwinTable from, Table<String, String> ours, KTable<String, String> kafkas) {
        put(what, new TwinTable(ours, kafkas, from.sources(), true, from.disorderMs(), false));
    }

    private void join(TwinTable from) {
        TwinTable other = twin.any(twin.tables);
        if (!twin.mayMeet(from.sources(), from.exchanged(), other.sources(), other.exchanged())) {
            return;
        }
        int kind = from.showsInitial() || other.showsInitial() ? 0 : twin.random.nextInt(3);
        put(
                name(from) + (kind == 0 ? ".join(" : kind == 1 ? ".leftJoin(" : ".outerJoin(") + name(other) + ")",
                new TwinTable(
                        switch (kind) {
                            case 0 -> from.ours().join(other.ours(), Functions::join);
                            case 1 -> from.ours().leftJoin(other.ours(), Functions::join);
                            default -> from.ours().outerJoin(other.ours(), Functions::join);
                        },
                        switch (kind) {
                            case 0 -> from.kafkas().join(other.kafkas(), Functions::join);
                            case 1 -> from.kafkas().leftJoin(other.kafkas(), Functions::join);
                            default -> from.kafkas().outerJoin(other.kafkas(), Functions::join);
                        },
                        TwinStream.union(from.sources(), other.sources()),
                        from.exchanged() || other.exchanged(),
                        Math.max(from.disorderMs(), other.disorderMs()),
                        from.showsInitial() || other.showsInitial()));
    }
}
