package io.millrace.testkit;

import org.jspecify.annotations.Nullable;

/** The job under test has failed for good; the cause says why, and names the operator and the record. */
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
