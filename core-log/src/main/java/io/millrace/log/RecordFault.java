package io.millrace.log;

/**
 * One record for which a whole batch is refused (KIP-467).
 *
 * @param index of the record within its batch, from 0
 * @param message one sentence for people
 */
public record RecordFault(int index, String message) {}
