package io.millrace.samples.flights;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.connect.builtin.ChangedInputException;
import io.millrace.log.StorageException;
import java.util.Objects;

/** Ends the demo with one sentence. */
final class DemoFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoFailure(String sentence) {
        super(sentence);
    }

    /** What to tell a person: the story of the disk or of the input where there is one, as it is the one to act on. */
    static String sentence(Throwable failure, DemoDirectory directory) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DemoFailure known) {
                return String.valueOf(known.getMessage());
            }
            if (cause instanceof StorageException storage) {
                return sentence(storage, directory);
            }
            if (cause instanceof LogException refused && refused.error() == ErrorCode.KAFKA_STORAGE_ERROR) {
                return directory.isOnFullDisk() ? full(directory) : failed(refused.reason());
            }
            if (cause instanceof ChangedInputException changed) {
                return "The directory " + directory.path() + " holds the result of " + changed.readBefore()
                        + ", and other flights do not go into it: --fresh starts over, --data-dir names another directory.";
            }
            if (cause instanceof LogException refused && refused.error() == ErrorCode.THROTTLING_QUOTA_EXCEEDED) {
                return full(directory);
            }
        }
        return "The demo stopped: " + Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }

    private static String sentence(StorageException storage, DemoDirectory directory) {
        return switch (storage.kind()) {
            case LOCKED ->
                "Another process uses the directory " + directory.path()
                        + ": stop it, or name another directory with --data-dir.";
            case NO_SPACE -> full(directory);
            case MISSING, IO, FAILED -> failed(String.valueOf(storage.getMessage()));
        };
    }

    private static String full(DemoDirectory directory) {
        return "The disk of " + directory.path()
                + " is full: free some space and start the demo again, it goes on where it was.";
    }

    private static String failed(String message) {
        return "The disk does not do what it should: " + message;
    }
}
