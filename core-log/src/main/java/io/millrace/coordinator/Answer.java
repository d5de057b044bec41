package io.millrace.coordinator;

/**
 * What somebody who waits is told.
 *
 * @param ticket that came with the request; each is answered once
 * @param reply true once the decision's records are durable
 */
public record Answer(long ticket, GroupReply reply) {}
