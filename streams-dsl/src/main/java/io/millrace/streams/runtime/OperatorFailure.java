package io.millrace.streams.runtime;

import io.millrace.streams.DropReason;

/** An operator could not treat a record, and its policy says fail. */
final class OperatorFailure extends Exception {
    private static final long serialVersionUID = 1L;

    OperatorFailure(String nodeId, DropReason reason, Exception cause) {
        super("operator " + nodeId + " failed (" + reason + "): " + cause, cause);
    }
}
