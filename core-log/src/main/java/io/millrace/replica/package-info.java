/**
 * What one replica of a partition is at the moment, and how far its log counts: pure.
 *
 * <p>Read {@link io.millrace.replica.Replica}. It is owned by the agent that owns the partition's log; events go in, and
 * what has changed comes out.
 */
@NullMarked
package io.millrace.replica;

import org.jspecify.annotations.NullMarked;
