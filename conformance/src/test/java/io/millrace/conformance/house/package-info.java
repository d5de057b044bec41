/**
 * The rules of the house that a machine can see: who may know whom, what a core may not touch, and how size is spread.
 *
 * <p>Read {@link io.millrace.conformance.house.ModuleDirectionsTest} first: it is the module diagram of
 * {@code docs/ARCHITECTURE.md} as a test. No state, no threads.
 */
@NullMarked
package io.millrace.conformance.house;

import org.jspecify.annotations.NullMarked;
