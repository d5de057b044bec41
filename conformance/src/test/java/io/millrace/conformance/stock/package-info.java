/**
 * Stock programs of Apache Kafka, unmodified and in processes of their own, on a node: they, or the node, are killed, and nothing
 * may be lost or repeated.
 */
@NullMarked
package io.millrace.conformance.stock;

import org.jspecify.annotations.NullMarked;
