package io.millrace.server;

import io.millrace.streams.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A source of the numbers 1 to 3, which goes on where it was. */
public final class ThreeNumbers implements Source<String, Long> {
    @Override
    public List<String> splits() {
        return List.of("all");
    }

    @Override
    public Reader<String, Long> open(String split, Map<String, String> position) {
        return new Reader<>() {
            private int next = Integer.parseInt(position.getOrDefault("next", "0"));

            @Override
            public Batch<String, Long> poll(int recordsMax) {
                var records = new ArrayList<SourceRecord<String, Long>>();
                for (; next < 3 && records.size() < recordsMax; next++) {
                    records.add(new SourceRecord<>("n", next + 1L, next));
                }
                return new Batch<>(records, Map.of("next", Integer.toString(next)), next >= 3);
            }

            @Override
            public double progress() {
                return next / 3.0;
            }

            @Override
            public void close() {}
        };
    }
}
