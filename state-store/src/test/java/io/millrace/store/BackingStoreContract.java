package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.BackingStore.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backing store must do. A subclass says how to open one and what a crash leaves of it. */
public abstract class BackingStoreContract {

    private BackingStore store;

    /** Opens the store of this test; the second call finds what the first one closed with. */
    protected abstract BackingStore open() throws Exception;

    /** Crashes the process of an open store, and opens what is found afterwards. */
    protected abstract BackingStore crash(BackingStore store, SplittableRandom random) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(store.position()).isNull();
        assertThat(store.durablePosition()).isNull();
        assertThat(store.get(bytes("a"))).isNull();
        assertThat(keys(store.range(new byte[0], null))).isEmpty();
    }

    @Test
    void readsWhatWasWrittenLast() {
        write(1, "a=1", "b=2");
        write(2, "a=3", "b");

        assertThat(text(store.get(bytes("a")))).isEqualTo("3");
        assertThat(store.get(bytes("b"))).isNull();
        assertThat(store.position()).isEqualTo(position(2));
    }

    @Test
    void theLastChangeOfAKeyInABatchWins() {
        write(1, "a=1", "a", "a=2", "b=1", "b");
        assertThat(text(store.get(bytes("a")))).isEqualTo("2");
        assertThat(store.get(bytes("b"))).isNull();
    }

    @Test
    void keepsThePositionWhenABatchHasNone() {
        write(1, "a=1");
        store.write(List.of(new Change(bytes("b"), bytes("2"))), null);
        assertThat(store.position()).isEqualTo(position(1));
        assertThat(text(store.get(bytes("b")))).isEqualTo("2");
    }

    @Test
    void rangesAreInUnsignedByteOrderFromInclusiveToExclusive() {
        store.write(
                List.of(
                        new Change(new byte[] {(byte) 0x80}, bytes("4")),
                        new Change(new byte[] {1, 0}, bytes("2")),
                        new Change(new byte[] {1}, bytes("1")),
                        new Change(new byte[] {0x7F}, bytes("3")),
                        new Change(new byte[] {(byte) 0xFF}, bytes("5"))),
                position(1));

        assertThat(values(store.range(new byte[0], null))).containsExactly("1", "2", "3", "4", "5");
        assertThat(values(store.range(new byte[] {1, 0}, new byte[] {(byte) 0x80})))
                .containsExactly("2", "3");
        assertThat(values(store.range(new byte[] {5}, new byte[] {5}))).isEmpty();
    }

    @Test
    void aSnapshotStaysAsItWas() {
        write(1, "a=1", "b=1", "c=1");
        try (BackingStore.Snapshot snapshot = store.snapshot()) {
            write(2, "a=2", "b", "d=2");
            store.flush();
            write(3, "a=3", "c");
            assertThat(text(snapshot.get(bytes("a")))).isEqualTo("1");
            assertThat(snapshot.get(bytes("d"))).isNull();
            assertThat(keys(snapshot.range(new byte[0], null))).containsExactly("a", "b", "c");
        }
        assertThat(keys(store.range(new byte[0], null))).containsExactly("a", "d");
    }

    @Test
    void aSnapshotIsReadOnAnotherThreadWhileBatchesAreWritten() throws Exception {
        write(1, "a=0", "b=0");
        List<String> torn = new ArrayList<>();
        for (int i = 2; i < 40; i++) {
            BackingStore.Snapshot snapshot = store.snapshot();
            Thread reader = new Thread(() -> {
                for (int round = 0; round < 20; round++) {
                    List<String> values = values(snapshot.range(bytes("a"), bytes("c")));
                    if (!values.get(0).equals(values.get(1))) {
                        torn.add(values.toString());
                    }
                }
                snapshot.close();
            });
            reader.start();
            write(i, "a=" + i, "b=" + i);
            reader.join();
        }
        assertThat(torn).isEmpty();
    }

    @Test
    void holdsItsContentWhenItIsClosedAndOpenedAgain() throws Exception {
        write(7, "a=1", "b=2");
        store.close();
        store = open();
        assertThat(keys(store.range(new byte[0], null))).containsExactly("a", "b");
        assertThat(store.position()).isEqualTo(position(7));
        assertThat(store.durablePosition()).isEqualTo(position(7));
    }

    @Test
    void whatWasFlushedSurvivesACrash() throws Exception {
        write(1, "a=1");
        store.flush();
        assertThat(store.durablePosition()).isEqualTo(position(1));
        write(2, "a=2");
        assertThat(store.durablePosition()).isEqualTo(position(1));

        store = crash(store, new SplittableRandom(1));

        assertThat(store.position()).isIn(position(1), position(2));
        assertThat(text(store.get(bytes("a"))))
                .isEqualTo(String.valueOf(store.position().changelogOffset()));
    }

    @Test
    void dataWithoutAPositionIsGoneAfterACrash() throws Exception {
        store.write(List.of(new Change(bytes("a"), bytes("1"))), null);
        store.flush();
        store = crash(store, new SplittableRandom(1));
        assertThat(store.position()).isNull();
        assertThat(keys(store.range(new byte[0], null))).isEmpty();
    }

    @Test
    void afterACrashItIsExactlyWhatItWasAtItsPosition() throws Exception {
        for (long seed = 1; seed <= 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<TreeMap<String, String>> states = new ArrayList<>();
            StorePosition found = store.position();
            int first = found == null ? 0 : (int) found.changelogOffset();
            TreeMap<String, String> state = contents();
            int durable = first;
            for (int batch = first; batch < first + 30; batch++) {
                states.add(new TreeMap<>(state));
                List<Change> changes = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    String key = "k" + random.nextInt(20);
                    boolean isPut = random.nextInt(3) > 0;
                    String value = seed + "/" + batch;
                    changes.add(new Change(bytes(key), isPut ? bytes(value) : null));
                    if (isPut) {
                        state.put(key, value);
                    } else {
                        state.remove(key);
                    }
                }
                store.write(changes, position(batch + 1));
                if (random.nextInt(10) == 0) {
                    store.flush();
                    durable = batch + 1;
                }
            }
            states.add(state);

            store = crash(store, random);

            StorePosition survivor = store.position();
            int offset = survivor == null ? 0 : (int) survivor.changelogOffset();
            assertThat(offset).as("seed %d", seed).isBetween(durable, first + 30);
            assertThat(contents()).as("seed %d", seed).isEqualTo(states.get(offset - first));
        }
    }

    private TreeMap<String, String> contents() {
        TreeMap<String, String> contents = new TreeMap<>();
        try (BackingStore.Cursor cursor = store.range(new byte[0], null)) {
            while (cursor.next()) {
                contents.put(text(cursor.key()), text(cursor.value()));
            }
        }
        return contents;
    }

    private void write(long offset, String... changes) {
        store.write(
                Arrays.stream(changes)
                        .map(change -> change.split("=", -1))
                        .map(parts -> new Change(bytes(parts[0]), parts.length == 1 ? null : bytes(parts[1])))
                        .toList(),
                position(offset));
    }

    private static StorePosition position(long offset) {
        return new StorePosition(new UUID(5, 6), offset, 3, offset * 2);
    }

    private static List<String> keys(BackingStore.Cursor cursor) {
        List<String> keys = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                keys.add(text(cursor.key()));
            }
        }
        return keys;
    }

    private static List<String> values(BackingStore.Cursor cursor) {
        List<String> values = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                values.add(text(cursor.value()));
            }
        }
        return values;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
