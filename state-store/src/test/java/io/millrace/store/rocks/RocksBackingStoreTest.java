package io.millrace.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.BackingStore;
import io.millrace.store.BackingStore.Change;
import io.millrace.store.BackingStoreContract;
import io.millrace.store.StateStoreException;
import io.millrace.store.StorePosition;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        snapshot.close();
        assertThatThrownBy(store::snapshot)
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("closed");
        environment.open(directory.resolve("other")).close();
    }

    @Test
    void refusesACorruptedTable() throws Exception {
        Path damaged = directory.resolve("damaged");
        try (RocksBackingStore store = environment.open(damaged)) {
            byte[] value = new byte[5000];
            store.write(List.of(new Change(new byte[] {1}, value)), new StorePosition(new UUID(0, 0), 1, 0, 0));
        }
        try (Stream<Path> files = Files.list(damaged)) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(table);
            bytes[10] ^= 0x55;
            Files.write(table, bytes);
        }
        assertThatThrownBy(() -> {
                    try (RocksBackingStore store = environment.open(damaged)) {
                        store.get(new byte[] {1});
                    }
                })
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("damaged");
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
