package io.millrace.log;

import static io.millrace.log.LogStorageContract.bytes;
import static io.millrace.log.LogStorageContract.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.LogStorage.Open;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStorageTest {

    @Nested
    class OnFiles extends LogStorageContract {
        @TempDir
        Path folder;

        private final List<FileLogStorage> opened = new ArrayList<>();

        @Override
        LogStorage storage() {
            FileLogStorage storage = new FileLogStorage(folder);
            opened.add(storage);
            return storage;
        }

        @AfterEach
        void close() {
            opened.forEach(FileLogStorage::close);
        }

        @Test
        void keepsFarFewerChannelsOpenThanThereAreFiles() {
            try (FileLogStorage bounded = new FileLogStorage(folder.resolve("many"), 10)) {
                List<LogFile> files = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    LogFile file = bounded.open("file" + i, Open.CREATE);
                    file.write(0, bytes("content " + i));
                    files.add(file);
                }
                for (int i = 99; i >= 0; i--) {
                    assertThat(read(files.get(i), 0, 20)).isEqualTo("content " + i);
                }
                assertThat(bounded.openChannels()).isLessThanOrEqualTo(10);
            }
        }

        @Test
        void whatIsSetAsideIsARealFileThatOutlivesTheProcess() throws IOException {
            storage().setAside(3_000_000);

            Path ballast = folder.resolve(".ballast");
            byte[] content = Files.readAllBytes(ballast);
            Deflater deflater = new Deflater();
            deflater.setInput(content);
            deflater.finish();
            int compressed = deflater.deflate(new byte[content.length + content.length / 10]);
            deflater.end();
            assertThat(storage().setAsideBytes()).isEqualTo(3_000_000);
            assertThat(compressed).as("no file system can shrink it").isGreaterThan(2_900_000);
        }

        @Test
        void tellsASecondProcessWhoHasTheDirectoryAndWhatToDo() throws IOException {
            Process holder = holder();
            try (FileLogStorage second = new FileLogStorage(folder)) {
                assertThatThrownBy(second::lock)
                        .hasMessageContaining("in use by process " + holder.pid() + ". Stop that process");
            } finally {
                holder.destroyForcibly().onExit().join();
            }
            storage().lock(); // whatever number the dead process has left
        }

        @Test
        void aRefusedSecondStorageDoesNotTakeTheLockFromTheFirst() throws IOException {
            storage().lock();
            try (FileLogStorage second = new FileLogStorage(folder)) {
                assertThatThrownBy(second::lock).hasMessageContaining("is open in this process already");
            }
            Process holder = holder();
            assertThat(holder.onExit().join().exitValue()).isNotZero();
        }

        /** Another process that has locked the folder, or could not. */
        private Process holder() throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockHolder.class.getName(),
                            folder.toString())
                    .start();
            process.inputReader().readLine();
            return process;
        }
    }

    @Nested
    class InMemory extends LogStorageContract {
        @Override
        LogStorage storage() {
            return new MemoryLogStorage();
        }

        @Test
        void keepsWhatWasSyncedAndAnyPartOfTheRest() {
            Set<String> contents = new TreeSet<>();
            Set<String> names = new TreeSet<>();
            for (long seed = 0; seed < 200; seed++) {
                MemoryLogStorage storage = new MemoryLogStorage();
                LogFile file = storage.open("synced", Open.CREATE);
                file.write(0, bytes("durable"));
                file.sync();
                storage.syncDirectory("");
                file.write(7, bytes("+more"));
                storage.open("unsynced", Open.CREATE);

                MemoryLogStorage found = storage.crash(seed);

                contents.add(new String(found.readAll("synced"), java.nio.charset.StandardCharsets.UTF_8)
                        .replace('\0', '.'));
                names.add(String.join(",", found.list("")));
            }
            assertThat(contents).allMatch(content -> content.startsWith("durable"));
            assertThat(contents).contains("durable", "durable+more", "durable.....");
            assertThat(names).containsExactly("synced", "synced,unsynced");
        }

        @Test
        void maySpringBackToTheOldNameUntilTheDirectoryIsSynced() {
            Set<String> names = new TreeSet<>();
            for (long seed = 0; seed < 50; seed++) {
                MemoryLogStorage storage = new MemoryLogStorage();
                storage.open("a", Open.CREATE).sync();
                storage.syncDirectory("");
                storage.move("a", "b");
                names.addAll(storage.crash(seed).list(""));
                storage.syncDirectory("");
                assertThat(storage.crash(seed).list("")).containsExactly("b");
            }
            assertThat(names).containsExactly("a", "b");
        }

        @Test
        void whatIsSetAsideIsTakenFromTheRoom() {
            MemoryLogStorage storage = new MemoryLogStorage(10);
            storage.setAside(6);

            assertThat(storage.space()).isEqualTo(new DiskSpace(4, 10));
            assertThatThrownBy(() -> storage.setAside(11))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                            .isEqualTo(StorageException.Kind.NO_SPACE));
            assertThat(storage.setAsideBytes()).isEqualTo(6);
        }

        @Test
        void isFullAtItsCapacity() {
            LogFile file = new MemoryLogStorage(10).open("file", Open.CREATE);
            file.write(0, bytes("12345678"));
            assertThatThrownBy(() -> file.write(8, bytes("9012")))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                            .isEqualTo(StorageException.Kind.NO_SPACE));
            file.write(0, bytes("again"));
            assertThat(file.size()).isEqualTo(10);
        }
    }

    @Nested
    class Faulty extends LogStorageContract {
        @Override
        LogStorage storage() {
            return new FaultyLogStorage(new MemoryLogStorage());
        }

        @Test
        void failsAtTheCountItWasToldTo() {
            FaultyLogStorage storage =
                    new FaultyLogStorage(new MemoryLogStorage()).failAt(Operation.WRITE, 2, Effect.SHORT_WRITE);
            LogFile file = storage.open("file", Open.CREATE);
            file.write(0, bytes("first"));

            assertThatThrownBy(() -> file.write(5, bytes("second"))).isInstanceOf(StorageException.class);

            assertThat(read(file, 0, 20)).isEqualTo("firstsec");
            file.write(5, bytes("third"));
            assertThat(storage.count(Operation.WRITE)).isEqualTo(3);
        }

        @Test
        void aFailedSyncIsFinal() {
            FaultyLogStorage storage =
                    new FaultyLogStorage(new MemoryLogStorage()).failAt(Operation.SYNC, 1, Effect.IO_ERROR);
            LogFile file = storage.open("file", Open.CREATE);

            assertThatThrownBy(file::sync).isInstanceOf(StorageException.class);

            assertThat(storage.failure()).isPresent();
            assertThatThrownBy(() -> file.write(0, bytes("x")))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.FAILED));
        }
    }
}
