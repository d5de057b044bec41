package io.millrace.conformance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.samples.flights.FlightDelays;
import io.millrace.store.StorePosition;
import io.millrace.store.rocks.RocksBackingStore;
import io.millrace.store.rocks.RocksEnvironment;
import io.millrace.store.rocks.RocksSettings;
import io.millrace.streams.runtime.JobFootprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kill has left in the stores: looked at in a copy of the data directory, so that the next process finds what the last
 * one left and nothing else.
 */
final class StoreCheck {

    private final Path directory;
    private final Path copy;
    private final Map<Integer, StorePosition> lastPositions = new HashMap<>();

    StoreCheck(Path directory, Path copy) {
        this.directory = directory;
        this.copy = copy;
    }

    /** Every store equals the fold of its changelog up to its position, and no position has gone back: none was rebuilt. */
    void check(String when) throws IOException {
        var changelog = JobFootprint.changelog(FlightDelays.JOB);
        if (!Files.isDirectory(directory)) {
            return;
        }
        copyDirectory();
        try (var log = new LogDirectory(copy);
                var rocks = new RocksEnvironment(RocksSettings.defaults())) {
            if (!Files.isDirectory(copy.resolve("log").resolve(changelog + "-0"))) {
                return;
            }
            var stores = new HashMap<Integer, RocksBackingStore>();
            try {
                for (var shard = 0; shard < FlightJobProcess.PARTITIONS; shard++) {
                    var place = copy.resolve("state").resolve(FlightDelays.JOB).resolve("shard-" + shard);
                    if (Files.isDirectory(place)) {
                        stores.put(shard, rocks.open(place));
                    }
                    checkPosition(when, shard, stores.get(shard), log);
                }
                var fold = new ChangelogFold(log.client(), changelog, FlightJobProcess.PARTITIONS);
                stores.forEach(fold::assertEquals);
            } finally {
                stores.values().forEach(RocksBackingStore::close);
            }
        }
    }

    private void checkPosition(String when, int shard, @Nullable RocksBackingStore store, LogDirectory log) {
        var before = lastPositions.get(shard);
        var position = store == null ? null : store.position();
        if (position != null) {
            var changelog = JobFootprint.changelog(FlightDelays.JOB);
            log.awaitStable(new TopicPartition(changelog, shard), position.changelogOffset());
            lastPositions.put(shard, position);
        }
        if (before != null) {
            assertThat(position)
                    .as("%s: position of shard %d, before %s", when, shard, before)
                    .isNotNull();
            assertThat(position.changelogTopicId()).as(when).isEqualTo(before.changelogTopicId());
            assertThat(position.changelogOffset()).as(when).isGreaterThanOrEqualTo(before.changelogOffset());
        }
    }

    /** Whether every shard has reached its store at least once. */
    boolean sawEveryStore() {
        return lastPositions.size() == FlightJobProcess.PARTITIONS;
    }

    private void copyDirectory() throws IOException {
        if (Files.exists(copy)) {
            try (var old = Files.walk(copy)) {
                for (var path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.toList()) {
                Files.copy(path, copy.resolve(directory.relativize(path).toString()));
            }
        }
    }
}
