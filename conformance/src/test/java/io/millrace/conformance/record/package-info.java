/**
 * Our record batches and those of Kafka's client library, held against each other: what one encodes the other decodes, and
 * where the codec leaves no choice the bytes are equal.
 */
package io.millrace.conformance.record;
