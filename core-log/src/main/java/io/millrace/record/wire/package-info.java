/**
 * Kafka's message encoding: fixed and variable-length integers, strings, arrays, structs and tagged fields, in both the
 * plain form and the compact one of flexible versions (KIP-482).
 *
 * <p>{@link io.millrace.record.wire.ByteReader} and {@link io.millrace.record.wire.ByteWriter} are what the message classes
 * that {@code codegen/} writes at build time are made of; {@link io.millrace.record.wire.Message} is what those have in
 * common. A reader trusts nothing: no length is believed that exceeds the bytes that remain. No owner thread: a reader or a
 * writer belongs to whoever uses it.
 */
@NullMarked
package io.millrace.record.wire;

import org.jspecify.annotations.NullMarked;
