/**
 * How fast, beside whom, and with which proof that the answer was right.
 *
 * <p>Read {@link io.millrace.benchmarks.Compare} first: it starts every system under test in processes of its own, lets them
 * run the same {@link io.millrace.benchmarks.Workload} in turn, and accepts a figure only if the hash of the final output is
 * the oracle's.
 */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
