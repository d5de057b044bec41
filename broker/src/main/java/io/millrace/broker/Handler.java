package io.millrace.broker;

import io.millrace.record.wire.Message;

/**
 * Serves one API. Made once per event loop and called on it alone.
 *
 * @param <Q> the request
 */
@FunctionalInterface
public interface Handler<Q extends Message> {

    /**
     * Begins to serve a request; must not block. What it throws closes the connection: errors of the protocol belong into
     * the response.
     */
    Answer handle(Q request, Call call);
}
