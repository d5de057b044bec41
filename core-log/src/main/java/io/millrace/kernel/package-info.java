/**
 * Threads, time and rings: everything a core must not know of.
 *
 * <p>Read {@link io.millrace.kernel.Agent} first: a piece of the system that is stepped by exactly one thread at a time.
 * {@link io.millrace.kernel.AgentRunner} and {@link io.millrace.kernel.DeterministicScheduler} are its two drivers,
 * {@link io.millrace.kernel.Pipeline} is how work passes between them. A core takes the time as an argument; only the drivers in this package read a {@link io.millrace.kernel.Clock}, park a
 * thread or own a ring. The manual clock and the deterministic scheduler are ordinary implementations, so that tests, the
 * {@code JobTester} and the simulator drive the same cores on zero threads.
 */
@NullMarked
package io.millrace.kernel;

import org.jspecify.annotations.NullMarked;
