/**
 * Our partition directories, read by Kafka's own tools: what {@code DumpLogSegments} prints is parsed and held against what was
 * written, and it must have nothing to complain of.
 */
package io.millrace.conformance.log;
