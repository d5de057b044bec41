/**
 * The logical graph of a job: immutable nodes with stable ids, each with one operation.
 *
 * <p>Read {@link io.millrace.streams.topology.Node} first. Nothing here runs, and nothing has an owner thread.
 */
@NullMarked
package io.millrace.streams.topology;

import org.jspecify.annotations.NullMarked;
