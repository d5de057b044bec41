/** Tests of operators, on a shard in memory. Read {@link io.millrace.streams.operator.TestJob} first. */
@NullMarked
package io.millrace.streams.operator;

import org.jspecify.annotations.NullMarked;
