/**
 * Testing jobs: {@link io.millrace.testkit.JobTester} runs the real runtime and the real log in memory, on no thread, in
 * manual time; {@link io.millrace.testkit.EmbeddedNode} gives a JUnit test a node on a temporary directory.
 *
 * <p>Read {@code JobTester} first. Everything belongs to the test's thread.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
