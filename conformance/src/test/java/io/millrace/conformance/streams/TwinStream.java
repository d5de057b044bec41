package io.millrace.conformance.streams;

import io.millrace.streams.Stream;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The same stream in both worlds.
 *
 * @param sources topics its records come from
 * @param keyChanged whether the next operator with state puts an exchange in front of it
 * @param exchanged whether its records wait in an exchange on their way
 * @param disorderMs how far a record can be behind the largest timestamp before it
 * @param flushed whether a flush surely comes this far: over several partitions, time moves in each by its own records
 */
record TwinStream(
        Stream<String, String> ours,
        KStream<String, String> kafkas,
        Set<String> sources,
        boolean keyChanged,
        boolean exchanged,
        long disorderMs,
        boolean flushed) {

    TwinStream to(Stream<String, String> nextOurs, KStream<String, String> nextKafkas) {
        return new TwinStream(nextOurs, nextKafkas, sources, keyChanged, exchanged, disorderMs, flushed);
    }

    TwinStream withKeyChanged() {
        return new TwinStream(ours, kafkas, sources, true, exchanged, disorderMs, flushed);
    }

    TwinStream withoutFlush() {
        return new TwinStream(ours, kafkas, sources, keyChanged, exchanged, disorderMs, false);
    }

    /** Whether another operator with state behind it comes after an exchange. */
    boolean isBehindExchange() {
        return keyChanged || exchanged;
    }

    static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> both = new TreeSet<>(a);
        both.addAll(b);
        return both;
    }
}
