package io.millrace.client;

/** Who a producer is at the moment. The epoch bumps with every transaction (KIP-890), the id when the epoch is used up. */
public record ProducerIdentity(long producerId, short epoch) {}
