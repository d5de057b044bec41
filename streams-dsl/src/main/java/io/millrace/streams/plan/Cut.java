package io.millrace.streams.plan;

/**
 * An edge of the topology that becomes an exchange.
 *
 * @param from index of the node it leaves
 * @param to index of the node it enters
 * @param input which input of {@code to}
 */
record Cut(int from, int to, int input, Placement.ByKey target, String reason) {}
