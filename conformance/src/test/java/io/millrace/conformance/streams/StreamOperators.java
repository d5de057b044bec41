package io.millrace.conformance.streams;

import io.millrace.streams.Aggregates;
import io.millrace.streams.Emit;
import io.millrace.streams.GroupedStream;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Split;
import io.millrace.streams.Table;
import io.millrace.streams.Windowed;
import io.millrace.streams.WindowedStream;
import io.millrace.streams.Windows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** Puts a random operator behind a random stream. */
final class StreamOperators {

    /** Long enough that Kafka keeps every window until it closes: with its default a large jump loses final results. */
    private static final Duration RETENTION = Duration.ofDays(10_000);

    /** After a jump of stream time, the result of a window that it closed is that much behind. */
    private static final long UNBOUNDED_MS = Long.MAX_VALUE;

    private static final Materialized<String, String, KeyValueStore<Bytes, byte[]>> STRINGS =
            Materialized.with(Serdes.String(), Serdes.String());

    private final TwinBuilder twin;

    StreamOperators(TwinBuilder twin) {
        this.twin = twin;
    }

    void add() {
        TwinStream from = twin.any(twin.streams);
        switch (twin.random.nextInt(19)) {
            case 16 -> process(from);
            case 17 -> toEither(from);
            case 18 -> foreach(from);
            case 0, 1 -> stateless(from);
            case 2 -> changeKey(from);
            case 3 -> merge(from);
            case 4 -> split(from);
            case 5 -> repartition(from);
            case 6, 7 -> aggregate(from);
            case 8, 9, 10 -> window(from);
            case 11 -> toTable(from);
            case 12, 13 -> joinTable(from);
            default -> joinStream(from);
        }
    }

    private void put(String what, TwinStream stream) {
        twin.say("stream " + twin.streams.size() + " = " + what);
        twin.streams.add(stream);
    }

    /** Puts a stream that nobody reads further. */
    private void end(String what, TwinStream stream) {
        twin.say("end " + twin.ends.size() + " = " + what);
        twin.ends.add(stream);
    }

    private String name(TwinStream stream) {
        return "stream " + twin.streams.indexOf(stream);
    }

    // ---- without state

    private void stateless(TwinStream from) {
        int n = twin.variant();
        String what = name(from) + ".";
        switch (twin.random.nextInt(6)) {
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
                                        from.kafkas().filterNot((k, v) -> Functions.test(n, k, v)))
                                .withoutFlush());
            case 2 ->
                put(
                        what + "mapValues " + n,
                        from.to(
                                from.ours().mapValues((k, v) -> Functions.mapValue(n, k, v)),
                                from.kafkas().mapValues((k, v) -> Functions.mapValue(n, k, v))));
            case 3 ->
                put(
                        what + "flatMapValues " + n,
                        from.to(
                                from.ours().flatMapValues((k, v) -> Functions.parts(n, k, v)),
                                from.kafkas().flatMapValues((k, v) -> Functions.parts(n, k, v))));
            case 4 ->
                put(
                        what + "peek",
                        from.to(from.ours().peek((k, v) -> {}), from.kafkas().peek((k, v) -> {})));
            default ->
                put(
                        what + "mapValues of value " + n,
                        from.to(
                                from.ours().mapValues(v -> Functions.mapValue(n, "", v)),
                                from.kafkas().mapValues(v -> Functions.mapValue(n, "", v))));
        }
    }

    private void changeKey(TwinStream from) {
        int n = twin.variant();
        String what = name(from) + ".";
        switch (twin.random.nextInt(3)) {
            case 0 ->
                put(
                        what + "selectKey " + n,
                        from.to(
                                        from.ours().selectKey((k, v) -> twin.newKey(n, k, v)),
                                        from.kafkas().selectKey((k, v) -> twin.newKey(n, k, v)))
                                .withKeyChanged());
            case 1 ->
                put(
                        what + "map " + n,
                        from.to(
                                        from.ours()
                                                .map((k, v) ->
                                                        KeyValue.of(twin.newKey(n, k, v), Functions.mapValue(n, k, v))),
                                        from.kafkas()
                                                .map((k, v) -> org.apache.kafka.streams.KeyValue.pair(
                                                        twin.newKey(n, k, v), Functions.mapValue(n, k, v))))
                                .withKeyChanged());
            default ->
                put(
                        what + "flatMap " + n,
                        from.to(
                                        from.ours().flatMap((k, v) -> Functions.parts(n, k, v).stream()
                                                .map(part -> KeyValue.of(twin.newKey(n, k, part), part))
                                                .toList()),
                                        from.kafkas().flatMap((k, v) -> Functions.parts(n, k, v).stream()
                                                .map(part -> org.apache.kafka.streams.KeyValue.pair(
                                                        twin.newKey(n, k, part), part))
                                                .toList()))
                                .withKeyChanged());
        }
    }

    /** Never with itself: Kafka then takes each record once, ours twice. */
    private void merge(TwinStream from) {
        TwinStream other = twin.any(twin.streams);
        if (other == from || !twin.mayMeet(from.sources(), from.exchanged(), other.sources(), other.exchanged())) {
            return;
        }
        put(
                name(from) + ".merge(" + name(other) + ")",
                new TwinStream(
                        from.ours().merge(other.ours()),
                        from.kafkas().merge(other.kafkas()),
                        TwinStream.union(from.sources(), other.sources()),
                        from.keyChanged() || other.keyChanged(),
                        from.exchanged() || other.exchanged(),
                        Math.max(from.disorderMs(), other.disorderMs()),
                        from.flushed() || other.flushed()));
    }

    private void split(TwinStream from) {
        int n = twin.variant();
        Split<String, String> ours = from.ours().split();
        var kafkas = from.kafkas()
                .split()
                .branch((k, v) -> Functions.test(n, k, v), Branched.as("a"))
                .branch((k, v) -> Functions.test(n + 1, k, v), Branched.as("b"))
                .defaultBranch(Branched.as("c"));
        List<KStream<String, String>> branches = kafkas.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
        String what = name(from) + ".split " + n + " branch ";
        put(what + 0, from.to(ours.when((k, v) -> Functions.test(n, k, v)), branches.get(0)));
        put(
                what + 1,
                from.to(ours.when((k, v) -> Functions.test(n + 1, k, v)), branches.get(1))
                        .withoutFlush());
        put(what + "otherwise", from.to(ours.otherwise(), branches.get(2)).withoutFlush());
    }

    /** Without null keys: Kafka leaves these out, but not if a left join follows somewhere; ours always keep them. */
    private void repartition(TwinStream from) {
        put(
                name(from) + ".repartition",
                new TwinStream(
                        from.ours().filter((k, v) -> k != null).repartition(),
                        from.kafkas()
                                .filter((k, v) -> k != null)
                                .repartition(Repartitioned.with(Serdes.String(), Serdes.String())),
                        from.sources(),
                        false,
                        true,
                        from.disorderMs(),
                        from.flushed()));
    }

    private void toEither(TwinStream from) {
        int n = twin.variant();
        twin.say(name(from) + ".to either topic " + n);
        twin.writeToEither(n, from);
    }

    private void foreach(TwinStream from) {
        twin.say(name(from) + ".foreach");
        from.ours().foreach((k, v) -> {});
        from.kafkas().foreach((k, v) -> {});
    }

    // ---- one's own

    /** Ours comes behind an exchange if a key may have changed, Kafka's never does. Null keys have no place in a store. */
    private void process(TwinStream from) {
        String store = "rows-" + twin.script.size();
        put(
                name(from) + ".process with " + store,
                new TwinStream(
                        from.ours().filter((k, v) -> k != null).process(TwinProcessor.ours(store)),
                        from.kafkas().filter((k, v) -> k != null).process(TwinProcessor.kafkas(store)),
                        from.sources(),
                        true,
                        from.isBehindExchange(),
                        from.disorderMs(),
                        from.flushed()));
    }

    // ---- aggregates

    private void aggregate(TwinStream from) {
        int n = twin.variant();
        boolean rekey = twin.random.nextBoolean();
        String what = name(from) + (rekey ? ".groupBy " + n : ".groupByKey");
        GroupedStream<String, String> ours = rekey
                ? from.ours().groupBy((k, v) -> twin.newKey(n, k, v))
                : from.ours().groupByKey();
        Grouped<String, String> serdes = Grouped.with(Serdes.String(), Serdes.String());
        KGroupedStream<String, String> kafkas = rekey
                ? from.kafkas().groupBy((k, v) -> twin.newKey(n, k, v), serdes)
                : from.kafkas().groupByKey(serdes);
        boolean exchanged = rekey || from.isBehindExchange();
        switch (twin.random.nextInt(3)) {
            case 0 ->
                putTable(
                        what + ".count",
                        from,
                        exchanged,
                        true,
                        ours.count().mapValues(String::valueOf),
                        kafkas.count(Materialized.with(Serdes.String(), Serdes.Long()))
                                .mapValues(String::valueOf));
            case 1 ->
                putTable(
                        what + ".reduce",
                        from,
                        exchanged,
                        false,
                        ours.reduce(Functions::join),
                        kafkas.reduce(Functions::join, STRINGS));
            default ->
                putTable(
                        what + ".aggregate",
                        from,
                        exchanged,
                        true,
                        ours.aggregate(
                                Aggregates.of(() -> "", (k, v, total) -> Functions.join(total, v), Functions::join)),
                        kafkas.aggregate(() -> "", (k, v, total) -> Functions.join(total, v), STRINGS));
        }
    }

    private void putTable(
            String what,
            TwinStream from,
            boolean exchanged,
            boolean showsInitial,
            Table<String, String> ours,
            KTable<String, String> kafkas) {
        twin.say("table " + twin.tables.size() + " = " + what);
        twin.tables.add(new TwinTable(ours, kafkas, from.sources(), exchanged, from.disorderMs(), showsInitial));
    }

    private void toTable(TwinStream from) {
        putTable(
                name(from) + ".toTable",
                from,
                from.isBehindExchange(),
                false,
                from.ours().toTable(),
                from.kafkas().toTable(STRINGS));
    }

    /** Null values are replaced first: Kafka hands them to its windowed aggregates, ours never do. */
    private void window(TwinStream from) {
        long size = 5 * (1 + twin.random.nextInt(5));
        long advance = twin.random.nextBoolean() ? size : 1 + twin.random.nextInt((int) size);
        long grace = twin.random.nextInt(3) * 7;
        boolean onClose = twin.isMoving(from, from) && twin.random.nextInt(3) == 0;
        WindowedStream<String, String> ours = from.ours()
                .mapValues(Functions::some)
                .groupByKey()
                .windowed(Windows.hopping(Duration.ofMillis(size), Duration.ofMillis(advance))
                        .grace(Duration.ofMillis(grace)))
                .emit(onClose ? Emit.onWindowClose() : Emit.onUpdate());
        TimeWindowedKStream<String, String> kafkas = from.kafkas()
                .mapValues(Functions::some)
                .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMillis(size), Duration.ofMillis(grace))
                        .advanceBy(Duration.ofMillis(advance)))
                .emitStrategy(onClose ? EmitStrategy.onWindowClose() : EmitStrategy.onWindowUpdate());
        Materialized<String, String, WindowStore<Bytes, byte[]>> strings =
                Materialized.<String, String, WindowStore<Bytes, byte[]>>with(Serdes.String(), Serdes.String())
                        .withRetention(RETENTION);
        String what =
                name(from) + ".windowed " + size + "/" + advance + " grace " + grace + (onClose ? " on close" : "");
        long disorderMs = onClose ? UNBOUNDED_MS : from.disorderMs();
        boolean exchanged = from.isBehindExchange();
        switch (twin.random.nextInt(3)) {
            case 0 ->
                putWindowed(
                        what + ".count",
                        from,
                        exchanged,
                        disorderMs,
                        ours.count().mapValues(String::valueOf),
                        kafkas.count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(
                                                Serdes.String(), Serdes.Long())
                                        .withRetention(RETENTION))
                                .mapValues(String::valueOf));
            case 1 ->
                putWindowed(
                        what + ".reduce",
                        from,
                        exchanged,
                        disorderMs,
                        ours.reduce(Functions::join),
                        kafkas.reduce(Functions::join, strings));
            default ->
                putWindowed(
                        what + ".aggregate",
                        from,
                        exchanged,
                        disorderMs,
                        ours.aggregate(
                                Aggregates.of(() -> "", (k, v, total) -> Functions.join(total, v), Functions::join)),
                        kafkas.aggregate(() -> "", (k, v, total) -> Functions.join(total, v), strings));
        }
    }

    private void putWindowed(
            String what,
            TwinStream from,
            boolean exchanged,
            long disorderMs,
            Table<Windowed<String>, String> ours,
            KTable<org.apache.kafka.streams.kstream.Windowed<String>, String> kafkas) {
        TwinStream results = new TwinStream(
                ours.toStream().selectKey((w, v) -> twin.windowKey(w.key(), w.startMs(), w.endMs())),
                kafkas.toStream()
                        .selectKey((w, v) -> twin.windowKey(
                                w.key(), w.window().start(), w.window().end())),
                from.sources(),
                true,
                exchanged,
                disorderMs,
                from.flushed());
        if (disorderMs == UNBOUNDED_MS && twin.spread) {
            end(what, results);
        } else {
            put(what, results);
        }
    }

    // ---- joins

    private void joinTable(TwinStream from) {
        TwinTable table = twin.any(twin.tables);
        if (!twin.mayMeet(from.sources(), from.isBehindExchange(), table.sources(), table.exchanged())) {
            return;
        }
        boolean left = twin.random.nextBoolean();
        Joined<String, String, String> serdes = Joined.with(Serdes.String(), Serdes.String(), Serdes.String());
        put(
                name(from) + (left ? ".leftJoin(table " : ".join(table ") + twin.tables.indexOf(table) + ")",
                new TwinStream(
                        left
                                ? from.ours().leftJoin(table.ours(), Functions::join)
                                : from.ours().join(table.ours(), Functions::join),
                        left
                                ? from.kafkas().leftJoin(table.kafkas(), Functions::join, serdes)
                                : from.kafkas().join(table.kafkas(), Functions::join, serdes),
                        TwinStream.union(from.sources(), table.sources()),
                        false,
                        from.isBehindExchange() || table.exchanged(),
                        from.disorderMs(),
                        false));
    }

    /**
     * The window is at least as long as the disorder of both sides. With more disorder Kafka hands on unmatched records at once
     * although grace is still open, and matches records that ours drop as late. What a left or outer join hands on is
     * compared without order and not read further, and its grace covers the disorder: Kafka is lazy in looking for unmatched
     * records that are due, and may match them in the meantime.
     */
    private void joinStream(TwinStream from) {
        TwinStream other = twin.any(twin.streams);
        long disorderMs = Math.max(from.disorderMs(), other.disorderMs());
        if (disorderMs == UNBOUNDED_MS
                || !twin.mayMeet(from.sources(), from.isBehindExchange(), other.sources(), other.isBehindExchange())) {
            return;
        }
        Duration before = Duration.ofMillis(disorderMs + twin.random.nextInt(15));
        Duration after = Duration.ofMillis(disorderMs + twin.random.nextInt(15));
        int kind = twin.isMoving(from, other) ? twin.random.nextInt(3) : 0;
        Duration grace = Duration.ofMillis((kind == 0 ? 0 : disorderMs) + twin.random.nextInt(3) * 5);
        JoinWindows ours = JoinWindows.within(before, after).grace(grace);
        var kafkas = org.apache.kafka.streams.kstream.JoinWindows.ofTimeDifferenceAndGrace(before, grace)
                .before(before)
                .after(after);
        StreamJoined<String, String, String> serdes =
                StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String());
        TwinStream joined = new TwinStream(
                switch (kind) {
                    case 0 -> from.ours().join(other.ours(), Functions::join, ours);
                    case 1 -> from.ours().leftJoin(other.ours(), Functions::join, ours);
                    default -> from.ours().outerJoin(other.ours(), Functions::join, ours);
                },
                switch (kind) {
                    case 0 -> from.kafkas().join(other.kafkas(), Functions::join, kafkas, serdes);
                    case 1 -> from.kafkas().leftJoin(other.kafkas(), Functions::join, kafkas, serdes);
                    default -> from.kafkas().outerJoin(other.kafkas(), Functions::join, kafkas, serdes);
                },
                TwinStream.union(from.sources(), other.sources()),
                false,
                from.isBehindExchange() || other.isBehindExchange(),
                disorderMs + before.plus(after).plus(grace).toMillis(),
                false);
        String what =
                name(from) + List.of(".join(", ".leftJoin(", ".outerJoin(").get(kind) + name(other) + ") " + ours;
        if (kind == 0) {
            put(what, joined);
        } else {
            end(what, joined);
        }
    }
}
