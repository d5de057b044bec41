package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.LogStorage.Open;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What every storage does. */
abstract class LogStorageContract {

    abstract LogStorage storage();

    @Test
    void writesSeveralBuffersAtAPositionAndReadsThemBack() {
        LogStorage storage = storage();
        storage.createDirectory("a/b");
        LogFile file = storage.open("a/b/file", Open.CREATE);

        file.write(0, bytes("one"), bytes("two"));
        file.write(3, bytes("TWO!"));

        assertThat(file.size()).isEqualTo(7);
        assertThat(read(file, 0, 100)).isEqualTo("oneTWO!");
        assertThat(read(file, 5, 2)).isEqualTo("O!");
        assertThat(read(file, 7, 2)).isEmpty();
    }

    @Test
    void truncatesButNeverExtends() {
        LogFile file = storage().open("file", Open.CREATE);
        file.write(0, bytes("0123456789"));

        file.truncate(4);
        file.truncate(8);

        assertThat(file.size()).isEqualTo(4);
        assertThat(read(file, 0, 10)).isEqualTo("0123");
    }

    @Test
    void movesAFileUnderAnOpenHandleAndReplacesItsTarget() {
        LogStorage storage = storage();
        LogFile old = storage.open("to", Open.CREATE);
        old.write(0, bytes("old"));
        LogFile file = storage.open("from", Open.CREATE);
        file.write(0, bytes("new"));

        file.moveTo("to");
        file.write(3, bytes("er"));

        assertThat(file.path()).isEqualTo("to");
        assertThat(storage.exists("from")).isFalse();
        assertThat(new String(storage.readAll("to"), StandardCharsets.UTF_8)).isEqualTo("newer");
    }

    @Test
    void listsNamesSortedAndKnowsWhatIsMissing() {
        LogStorage storage = storage();
        storage.createDirectory("d");
        storage.open("d/b", Open.CREATE);
        storage.open("d/a", Open.CREATE);
        storage.createDirectory("d/c");

        storage.delete("d/b");
        storage.delete("d/never-was");

        assertThat(storage.list("d")).containsExactly("a", "c");
        assertThat(storage.list("nowhere")).isEmpty();
        assertThatThrownBy(() -> storage.open("d/b", Open.EXISTING))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.MISSING));
    }

    @Test
    void replacesAFileAsAWhole() {
        LogStorage storage = storage();

        storage.replace("checkpoint", "first and long".getBytes(StandardCharsets.UTF_8));
        storage.replace("checkpoint", "second".getBytes(StandardCharsets.UTF_8));

        assertThat(storage.readAll("checkpoint")).asString().isEqualTo("second");
        assertThat(storage.list("")).containsExactly("checkpoint");
    }

    @Test
    void refusesEveryChangeAfterItFailedButStillReads() {
        LogStorage storage = storage();
        LogFile file = storage.open("file", Open.CREATE);
        file.write(0, bytes("kept"));

        storage.fail("the disk is gone");
        storage.fail("later trouble");

        assertThat(storage.failure()).contains("the disk is gone");
        assertThat(read(file, 0, 10)).isEqualTo("kept");
        assertThatThrownBy(() -> file.write(4, bytes("x"))).hasMessageContaining("the disk is gone");
        assertThatThrownBy(file::sync).hasMessageContaining("the disk is gone");
        assertThatThrownBy(() -> file.truncate(0)).hasMessageContaining("the disk is gone");
        assertThatThrownBy(() -> storage.delete("file")).hasMessageContaining("the disk is gone");
        assertThatThrownBy(() -> storage.open("other", Open.CREATE)).hasMessageContaining("the disk is gone");
    }

    @Test
    void setsBytesAsideAndGivesThemBack() {
        LogStorage storage = storage();
        assertThat(storage.setAsideBytes()).isZero();

        storage.setAside(1_000_000);
        storage.setAside(1_500_000);
        assertThat(storage.setAsideBytes()).isEqualTo(1_500_000);
        storage.setAside(10);
        assertThat(storage.setAsideBytes()).isEqualTo(10);
        storage.setAside(0);
        assertThat(storage.setAsideBytes()).isZero();
    }

    @Test
    void hasOneOwner() {
        LogStorage storage = storage();
        storage.lock();

        assertThatThrownBy(storage::lock).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(StorageException.Kind.LOCKED));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(LogFile file, long position, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = file.read(position, target);
        return new String(target.array(), 0, count, StandardCharsets.UTF_8);
    }
}
