package io.millrace.conformance.streams;

import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * A random topology, written in both DSLs side by side. The same seed gives the same topology.
 *
 * <p>A spread one runs with many records at a time, over several partitions. What it writes is defined as far as the order of
 * its inputs is. So no two keys become one there, and what a window gives out when it closes, behind the time of the records
 * that closed it, is not read further: Kafka drops such records as late behind an exchange, ours do not.
 */
final class TwinBuilder {

    private static final int OPERATORS_MAX = 9;

    final Random random;
    final TopologyBuilder ours = Topology.define("twin");
    final StreamsBuilder kafkas = new StreamsBuilder();
    final List<TwinStream> streams = new ArrayList<>();
    final List<TwinTable> tables = new ArrayList<>();
    final Set<String> inputs = new TreeSet<>();
    final Set<String> outputs = new TreeSet<>();

    /** Those of the outputs whose order is Kafka's own. */
    final Set<String> unordered = new TreeSet<>();

    /** Streams that nobody reads further. */
    final List<TwinStream> ends = new ArrayList<>();

    final Topology topology;
    final List<String> script = new ArrayList<>();

    final boolean spread;

    /**
     * @param disorderMs how far records can be behind those before them
     * @param spread whether it runs with many records at a time, over several partitions
     */
    TwinBuilder(long seed, long disorderMs, boolean spread) {
        this.spread = spread;
        random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            source("s" + i, disorderMs);
        }
        for (int i = 0; i < 2; i++) {
            table("t" + i, disorderMs);
        }
        StreamOperators streamOperators = new StreamOperators(this);
        TableOperators tableOperators = new TableOperators(this);
        for (int i = 1 + random.nextInt(OPERATORS_MAX); i > 0; i--) {
            if (random.nextInt(3) > 0) {
                streamOperators.add();
            } else {
                tableOperators.add();
            }
        }
        streams.forEach(this::write);
        for (TwinStream end : ends) {
            unordered.add(write(end));
        }
        for (TwinTable table : tables) {
            write(new TwinStream(
                    table.ours().toStream(),
                    table.kafkas().toStream(),
                    table.sources(),
                    false,
                    table.exchanged(),
                    table.disorderMs(),
                    false));
        }
        topology = ours.build();
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /**
     * Whether the order in which the records of two come together is defined. Behind an exchange the one with the smaller
     * timestamp goes first, in the test driver too, which breaks ties by chance. So records of one topic do not come together
     * again there: what one of them became would meet itself.
     */
    boolean mayMeet(Set<String> a, boolean aExchanged, Set<String> b, boolean bExchanged) {
        return !aExchanged && !bExchanged || a.stream().noneMatch(b::contains);
    }

    /** Whether time surely moves on to the end behind these two, so that all that is due comes out. */
    boolean isMoving(TwinStream left, TwinStream right) {
        return !spread || left.flushed() || right.flushed();
    }

    String newKey(int variant, String key, String value) {
        return spread ? Functions.newKeyOfOne(variant, key, value) : Functions.newKey(variant, key, value);
    }

    /** The key of a window's result. A flush goes on as one. */
    String windowKey(String key, long startMs, long endMs) {
        return spread && Functions.isFlush(key) ? key : key + "[" + startMs + "," + endMs;
    }

    /** A number for {@link Functions}. */
    int variant() {
        return random.nextInt(60);
    }

    void say(String what) {
        script.add(what);
    }

    private void source(String name, long disorderMs) {
        inputs.add(name);
        streams.add(new TwinStream(
                ours.stream(topic(name)),
                kafkas.stream(name, Consumed.with(Serdes.String(), Serdes.String())),
                Set.of(name),
                false,
                false,
                disorderMs,
                true));
    }

    private void table(String name, long disorderMs) {
        inputs.add(name);
        tables.add(new TwinTable(
                ours.table(topic(name)),
                kafkas.table(name, Consumed.with(Serdes.String(), Serdes.String())),
                Set.of(name),
                false,
                disorderMs,
                false));
    }

    private String write(TwinStream stream) {
        String topic = "out-" + outputs.size();
        outputs.add(topic);
        stream.ours().to(topic(topic));
        stream.kafkas().to(topic, Produced.with(Serdes.String(), Serdes.String()));
        return topic;
    }

    /** To two topics, of which each record goes to one. */
    void writeToEither(int variant, TwinStream stream) {
        String yes = "either-yes-" + outputs.size();
        String no = "either-no-" + outputs.size();
        outputs.add(yes);
        outputs.add(no);
        stream.ours().to((k, v) -> Functions.test(variant, k, v) ? yes : no, Codecs.string(), Codecs.string());
        stream.kafkas()
                .to(
                        (k, v, context) -> Functions.test(variant, k, v) ? yes : no,
                        Produced.with(Serdes.String(), Serdes.String()));
    }

    /** Partition counts of all topics, as the test driver has it. */
    TreeMap<String, Integer> partitions() {
        TreeMap<String, Integer> counts = new TreeMap<>();
        inputs.forEach(topic -> counts.put(topic, 1));
        return counts;
    }

    /** Without retention, as the event times are long past. */
    static Topic<String, String> topic(String name) {
        return Topic.of(name, Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    }
}
