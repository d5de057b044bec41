package io.millrace.samples.flights;

import io.millrace.log.StorageException;
import java.util.Objects;

/** Ends the demo with one sentence. */
final class DemoFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** What to tell a person: the disk's story where there is one, as it is the one to act on, else the outermost message. */
    static String sentence(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageException storage) {
                return sentence(storage);
            }
        }
        return "The demo stopped: " + Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }

    private static String sentence(StorageException storage) {
        return switch (storage.kind()) {
            case LOCKED ->
                "Another process uses the data directory: stop it, or name another one with --data-dir. ("
                        + storage.getMessage() + ")";
            case NO_SPACE ->
                "The disk is full: free some space and start the demo again, it goes on where it was. ("
                        + storage.getMessage() + ")";
            case MISSING, IO, FAILED -> "The disk does not do what it should: " + storage.getMessage();
        };
    }
}
