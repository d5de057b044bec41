package io.millrace.broker;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request beside its body.
 *
 * @param version of the API, within what the handler says
 * @param clientId as the client calls itself; null if it does not
 * @param principal who asks
 * @param listener at which it came in
 * @param nowMs monotonic time in ms at which it was read
 */
public record Call(short version, @Nullable String clientId, Principal principal, Endpoint listener, long nowMs) {}
