package io.millrace.conformance.streams;

import io.millrace.streams.Table;
import java.util.Set;
import org.apache.kafka.streams.kstream.KTable;

/**
 * The same table in both worlds; components as in {@link TwinStream}.
 *
 * @param showsInitial whether Kafka says of a new row that it was the aggregate's initial value before, where ours say that it
 *     was not there
 */
record TwinTable(
        Table<String, String> ours,
        KTable<String, String> kafkas,
        Set<String> sources,
        boolean exchanged,
        long disorderMs,
        boolean showsInitial) {

    TwinTable to(Table<String, String> nextOurs, KTable<String, String> nextKafkas) {
        return new TwinTable(nextOurs, nextKafkas, sources, exchanged, disorderMs, showsInitial);
    }
}
