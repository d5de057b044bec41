package io.millrace.node;

/**
 * The transaction that a write belongs to.
 *
 * @param transactionalId whose open transaction it is
 * @param enlistment how the partition becomes a part of it
 */
public record InTransaction(String transactionalId, Enlistment enlistment) {}
