/**
 * Who gets which partitions: what a coordinator computes for groups whose members leave that to it (KIP-848). Pure and without
 * state. Read {@link io.millrace.coordinator.assign.Assignor} first.
 */
@NullMarked
package io.millrace.coordinator.assign;

import org.jspecify.annotations.NullMarked;
