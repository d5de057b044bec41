package io.millrace.streams.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where a job keeps the fast copy of its state: what is lost with it is rebuilt from the changelog. */
public record StateDirectory(Path path) {

    private static final String STATE = "state";

    /** @throws IllegalArgumentException if the name leads anywhere else than to a directory of its own */
    public static StateDirectory of(Path dataDirectory, String job) {
        Path all = dataDirectory.resolve(STATE);
        Path own = all.resolve(job);
        if (!all.toAbsolutePath()
                .normalize()
                .equals(own.toAbsolutePath().normalize().getParent())) {
            throw new IllegalArgumentException(
                    "the name of a job cannot lead to " + own.toAbsolutePath().normalize());
        }
        return new StateDirectory(own);
    }

    /** Removes it, if it is there. Only while the job does not run. */
    public void delete() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
