/**
 * The commands that ask a node over Kafka's protocol, and those that read a partition's directory without one. Read
 * {@link io.millrace.server.command.NodeAccess} and {@link io.millrace.server.command.Report} first: every command has the one
 * and prints through the other. Data go to standard output, everything else to standard error. One thread, which waits.
 */
@NullMarked
package io.millrace.server.command;

import org.jspecify.annotations.NullMarked;
