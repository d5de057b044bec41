/**
 * The configuration of a node under Kafka's names: what each key is, which of them count here, and what they make.
 *
 * <p>Read {@link io.millrace.broker.config.NodeSettings} first: text in, {@code NodeConfig} and {@code BrokerConfig} out. The
 * table of all keys is the resource {@code node-keys.tsv}, read by {@link io.millrace.broker.config.NodeKeys}. Everything
 * here is immutable or belongs to its caller.
 */
@NullMarked
package io.millrace.broker.config;

import org.jspecify.annotations.NullMarked;
