/**
 * Our operators beside Kafka Streams: random topologies are built in both DSLs, fed the same random records, and must write
 * the same.
 *
 * <p>Read {@link io.millrace.conformance.streams.OperatorsOracleTest} first. Where SEMANTICS says that we differ on purpose, the
 * generator avoids what would show it; the builders of twins say how at each place.
 */
package io.millrace.conformance.streams;
