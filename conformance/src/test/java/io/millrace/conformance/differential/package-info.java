/**
 * The same calls on Apache Kafka and on a node of ours, and what they answer beside each other. {@link
 * io.millrace.conformance.differential.DifferentialIT} is where to begin; a new call is a line in one of the {@code Scripts}.
 */
package io.millrace.conformance.differential;
