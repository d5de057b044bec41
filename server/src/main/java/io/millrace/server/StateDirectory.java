package io.millrace.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where a job keeps the fast copy of its state: what is lost with it is rebuilt from the changelog. */
record StateDirectory(Path path) {

    private static final String STATE = "state";

    static StateDirectory of(Path dataDirectory, String job) {
        var all = dataDirectory.resolve(STATE).toAbsolutePath().normalize();
        var own = all.resolve(job).normalize();
        if (!all.equals(own.getParent())) {
            throw new CommandRefused("the name of a job cannot lead to " + own);
        }
        return new StateDirectory(own);
    }

    /** Removes it, if it is there. */
    void delete() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (var each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
