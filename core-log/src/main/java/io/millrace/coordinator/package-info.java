/**
 * The group and the transaction coordinator as replicated state machines: pure, stepped, stored in Kafka's internal topics.
 *
 * <p>Read {@link io.millrace.coordinator.TransactionCoordinator} first. A request is answered by a
 * {@link io.millrace.coordinator.Decision}: records to append and a reply that is true once they are durable. The driver
 * (package {@code node}) appends the records to the coordinator's partition, hands each of them to {@code replay}, the only
 * place where state changes, and lets the reply out when the sync is done. After a restart the same {@code replay} rebuilds
 * the same state from the log. What clients of other processes may do, and what Kafka answers them, has classes of its own, such
 * as {@link io.millrace.coordinator.ClientTransactions}. No clock, no thread, no file in here; owned by the agent that owns the
 * partition.
 *
 * <p>The rebalance of a {@link io.millrace.coordinator.ClassicGroup} is the exception: it is under way in memory alone, and what
 * is replayed is its outcome. A request that has to wait for other members carries a ticket, by which a later decision answers.
 * A {@link io.millrace.coordinator.ConsumerGroup} has no such secrets; read {@link io.millrace.coordinator.ConsumerCoordinator} and
 * {@link io.millrace.coordinator.ConsumerSteps} for what happens to one.
 */
@NullMarked
package io.millrace.coordinator;

import org.jspecify.annotations.NullMarked;
