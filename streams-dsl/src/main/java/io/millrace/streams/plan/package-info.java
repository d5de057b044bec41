/**
 * The physical form of a topology: fragments between exchanges, and the stores they need. Pure data.
 *
 * <p>Read {@link io.millrace.streams.plan.Plan} first.
 */
@NullMarked
package io.millrace.streams.plan;

import org.jspecify.annotations.NullMarked;
