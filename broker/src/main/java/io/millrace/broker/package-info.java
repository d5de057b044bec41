/**
 * Kafka's wire protocol over a log node: any Kafka client can use what the node keeps.
 *
 * <p>Read {@link io.millrace.broker.Session} first, the pure half of a connection, then {@link io.millrace.broker.Handler}.
 * Package {@code net} owns sockets and puts everything together, {@code handler} has one class per API, {@code message} is
 * generated from Kafka's schemas. Each event loop owns its connections, their sessions and one door to
 * the node; nothing here is shared between loops but immutable values.
 */
@NullMarked
package io.millrace.broker;

import org.jspecify.annotations.NullMarked;
