package io.millrace.broker;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request beside its body.
 *
 * @param version of the API, within what the handler says
 * @param clientId as the client calls itself; null if it does not
 * @param principal who asks
 * @param listener at which it came in
 * @param clientHost where it came from, as Kafka writes it: {@code /127.0.0.1}
 * @param nowMs monotonic time in ms at which it was read
 */
public record Call(
        short version,
        @Nullable String clientId,
        Principal principal,
        Endpoint listener,
        String clientHost,
        long nowMs) {}
