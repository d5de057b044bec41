/**
 * Sockets. {@link io.millrace.broker.net.Listener} accepts, {@link io.millrace.broker.net.Connection} drives one session,
 * {@link io.millrace.broker.net.LoopSessions} is what an event loop owns. No decision of the protocol is made here.
 */
@NullMarked
package io.millrace.broker.net;

import org.jspecify.annotations.NullMarked;
