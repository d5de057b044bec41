package io.millrace.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.BackingStore;
import io.millrace.store.BackingStore.Change;
import io.millrace.store.BackingStoreContract;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import io.millrace.store.StorePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDB;

class RocksBackingStoreTest extends BackingStoreContract {

    private static RocksEnvironment environment;

    @TempDir
    Path directory;

    private RocksDisk disk;

    @BeforeAll
    static void openEnvironment() {
        environment = new RocksEnvironment(RocksDisk.SMALL);
    }

    @AfterAll
    static void closeEnvironment() {
        environment.close();
    }

    @BeforeEach
    void makeDisk() {
        disk();
    }

    private RocksDisk disk() {
        if (disk == null) {
            disk = new RocksDisk(directory);
        }
        return disk;
    }

    @Override
    protected BackingStore open() {
        return environment.open(disk().current());
    }

    @Override
    protected BackingStore crash(BackingStore store, SplittableRandom random) throws Exception {
        return disk().crash((RocksBackingStore) store, environment);
    }

    @Test
    void saysSoWhenTheDirectoryIsInUse() {
        assertThatThrownBy(() -> environment.open(disk().current()))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void aViewOutlivesTheStore() {
        RocksBackingStore store = environment.open(directory.resolve("other"));
        store.write(List.of(new Change(new byte[] {1}, new byte[] {2})), new StorePosition(new UUID(0, 0), 1, 0, 0));
        BackingStore.Snapshot snapshot = store.snapshot();
        store.close();

        assertThat(snapshot.get(new byte[] {1})).containsExactly(2);
        assertThatThrownBy(() -> store.get(new byte[] {1}))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("closed");
        snapshot.close();
        assertThatThrownBy(store::snapshot)
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("closed");
        environment.open(directory.resolve("other")).close();
    }

    /** How a reader may meet a damaged block. */
    private interface Reading {
        void read(RocksBackingStore store);
    }

    static Stream<Named<Reading>> readings() {
        byte[] key = key(0);
        return Stream.of(
                Named.of("get", store -> store.get(key)),
                Named.of("range", store -> {
                    try (BackingStore.Cursor cursor = store.range(key, null)) {
                        cursor.next();
                    }
                }),
                Named.of("view", store -> {
                    try (BackingStore.Snapshot view = store.snapshot()) {
                        view.get(key);
                    }
                }),
                Named.of("range of a view", store -> {
                    try (BackingStore.Snapshot view = store.snapshot();
                            BackingStore.Cursor cursor = view.range(key, null)) {
                        cursor.next();
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aDamagedBlockIsFoundByWhoeverReadsItAndEndsTheUse(Reading reading) throws Exception {
        Path damaged = filled("damaged");
        flip(file(damaged, ".sst"), 10);
        RocksBackingStore store = environment.open(damaged);
        assertThat(store.get(key(999))).as("a block that is whole").isNotNull();
        assertThat(store.damage()).isNull();

        assertThatThrownBy(() -> reading.read(store))
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining(damaged.toString());

        assertThat(store.damage()).contains("is damaged");
        assertThatThrownBy(() -> store.get(key(999)))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("failed before")
                .hasCauseInstanceOf(DamagedStoreException.class);
        store.close();
        assertThat(store.isInUse()).isFalse();
    }

    @Test
    void theFirstDamageIsTheOneThatIsNamed() throws Exception {
        Path damaged = filled("damaged");
        flip(file(damaged, ".sst"), 10);
        RocksBackingStore store = environment.open(damaged);
        try (BackingStore.Snapshot view = store.snapshot();
                BackingStore.Cursor cursor = view.range(key(0), null)) {
            assertThatThrownBy(() -> view.get(key(0))).hasMessageContaining("read in a view");
            assertThatThrownBy(cursor::next).hasMessageContaining("read in order");
        }

        assertThat(store.damage()).contains("read in a view");
        store.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MANIFEST", "CURRENT"})
    void aStoreThatIsDamagedAtItsOpeningSaysSo(String name) throws Exception {
        Path damaged = filled("damaged");
        Path file = file(damaged, name);
        flip(file, (int) Files.size(file) - 1);

        assertThatThrownBy(() -> environment.open(damaged).close())
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining("is damaged and cannot be opened");
    }

    @Test
    void aDamagedBlockThatIsReadAtTheOpeningIsNotTakenForALock() throws Exception {
        Path damaged = filled("damaged");
        Path table = file(damaged, ".sst");
        for (int at = 0; at < Files.size(table) - 200; at += 500) {
            flip(table, at);
        }

        assertThatThrownBy(() -> environment.open(damaged).close())
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining("cannot be opened");
    }

    /** As one block each they may be larger than what the cache holds of them, and be read anew for each key. */
    @Test
    void indexesAndFiltersAreInParts() throws Exception {
        RocksBackingStore store = environment.open(filled("filled"));
        RocksDB db = store.handle().retain();
        try {
            assertThat(db.getPropertiesOfAllTables().values())
                    .isNotEmpty()
                    .allSatisfy(table -> assertThat(table.getIndexPartitions()).isPositive());
        } finally {
            store.handle().release();
        }
        store.close();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** A store of many blocks, closed. */
    private Path filled(String name) {
        Path filled = directory.resolve(name);
        byte[] value = new byte[100];
        new SplittableRandom(1).nextBytes(value);
        List<Change> changes = IntStream.range(0, 1000)
                .mapToObj(i -> new Change(key(i), value))
                .toList();
        try (RocksBackingStore store = environment.open(filled)) {
            store.write(changes, new StorePosition(new UUID(0, 0), 1, 0, 0));
        }
        return filled;
    }

    private static Path file(Path directory, String part) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x55;
        Files.write(file, bytes);
    }

    @Test
    void theFirstFailureIsFinal() throws Exception {
        Path failing = directory.resolve("failing");
        RocksBackingStore store = environment.open(failing);
        store.write(List.of(new Change(new byte[] {1}, new byte[] {2})), new StorePosition(new UUID(0, 0), 1, 0, 0));
        takeAway(failing);

        assertThatThrownBy(store::flush).isInstanceOf(StateStoreException.class).hasMessageContaining("flushed");
        assertThatThrownBy(() -> store.get(new byte[] {1}))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("failed before");
        assertThat(store.damage()).as("what is not there is no damage").isNull();
        store.close();
    }

    /** Deletes a directory under an open store, whose background thread makes and removes files of its own meanwhile. */
    private static void takeAway(Path directory) throws Exception {
        while (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException e) {
                // A file was made since the directory was listed: the next round takes it.
            }
        }
    }
}
