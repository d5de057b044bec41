package io.millrace.client;

/**
 * A group as the log sees it.
 *
 * @param group its id
 * @param state Kafka's word: {@code Empty}, {@code PreparingRebalance}, {@code CompletingRebalance} or {@code Stable}
 * @param memberCount members at the moment
 */
public record GroupDescription(String group, String state, int memberCount) {}
