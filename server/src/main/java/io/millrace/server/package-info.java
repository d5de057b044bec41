/**
 * The {@code millrace} command line: a node for Kafka clients, and operations on a data directory that no job is using at the
 * moment.
 *
 * <p>Read {@link io.millrace.server.MillraceCommand} first. A command opens the directory as a log node of its own, asks through
 * the {@code LogClient} port like everybody else, prints what it will do, and does it. One thread waits; the log's agents work.
 */
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
