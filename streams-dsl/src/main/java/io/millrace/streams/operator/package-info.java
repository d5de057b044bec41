/**
 * The running form of operators: final objects that call each other directly, on the lane that owns their shard.
 *
 * <p>Read {@link io.millrace.streams.operator.Receiver} and {@link io.millrace.streams.operator.TaskContext} first.
 */
@NullMarked
package io.millrace.streams.operator;

import org.jspecify.annotations.NullMarked;
