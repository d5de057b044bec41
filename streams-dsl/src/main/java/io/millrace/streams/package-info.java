/**
 * The DSL: what a user writes. A topology is pure data until a job runs it.
 *
 * <p>Read {@code Topology} first. Builders belong to the thread that writes the topology; what they build is immutable.
 */
@NullMarked
package io.millrace.streams;

import org.jspecify.annotations.NullMarked;
