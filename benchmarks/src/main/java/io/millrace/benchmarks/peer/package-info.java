/** The peers: an Apache Kafka broker and the same jobs on Kafka Streams, from their Maven artifacts. */
@NullMarked
package io.millrace.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
