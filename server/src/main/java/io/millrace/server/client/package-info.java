/**
 * A small blocking client of Kafka's protocol, for the command line: {@link io.millrace.server.client.ClusterClient} asks whatever
 * node speaks it, in the newest version that both sides know. Read it first, then
 * {@link io.millrace.server.client.WireConnection}. One thread owns a client and everything that was made of it.
 */
@NullMarked
package io.millrace.server.client;

import org.jspecify.annotations.NullMarked;
