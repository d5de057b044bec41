package io.millrace.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

    @TempDir
    Path cache;

    @Test
    void unpacksOnceAndRepairsAFileThatIsNotWhatTheJarStates() throws Exception {
        Path library = onlyFile(NativeLibrary.unpacked(cache));
        byte[] intact = Files.readAllBytes(library);
        Files.setLastModifiedTime(library, FileTime.fromMillis(1000));

        NativeLibrary.unpacked(cache);
        assertThat(Files.getLastModifiedTime(library).toMillis()).isEqualTo(1000);

        byte[] torn = intact.clone();
        torn[torn.length / 2]++;
        Files.write(library, torn);
        NativeLibrary.unpacked(cache);
        assertThat(Files.mismatch(library, Files.write(cache.resolve("copy"), intact)))
                .isEqualTo(-1);
    }

    private static Path onlyFile(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }
}
