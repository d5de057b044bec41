/**
 * A backing store on the heap, for simulation, tests and jobs without a data directory.
 *
 * <p>Read {@link io.millrace.store.memory.MemoryBackingStore}: every written batch is a version, which gives snapshots, and a
 * crash that falls back to any batch since the last flush.
 */
@NullMarked
package io.millrace.store.memory;

import org.jspecify.annotations.NullMarked;
