/**
 * The running form of a job: what reads, processes, commits and restores.
 *
 * <p>Read {@link io.millrace.streams.runtime.JobRuntime} first: it builds the agents of one job and hands them to a driver.
 * {@code io} (a {@link io.millrace.streams.runtime.JobAgent}) owns the job's log client, its inputs and its commits; {@code
 * lane-n} own whole shards: state, tasks and output batches; {@code store} writes committed state below. Between them
 * there are bounded rings of frames, nothing else. A failure ends an {@link io.millrace.streams.runtime.Attempt}; the next
 * one starts from the last commit with fresh lanes and fresh heap state.
 */
@NullMarked
package io.millrace.streams.runtime;

import org.jspecify.annotations.NullMarked;
