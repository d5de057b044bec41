/**
 * The log node of one process: partitions, coordinators and the {@code LogClient} that reaches them without a socket.
 *
 * <p>Read {@link io.millrace.node.LogNode} first, then {@code LogAgent}. One agent, {@code log-0}, owns every partition and
 * the coordinators stored in them; it is reached only by {@code Work} on its ring, so that more such agents can come.
 * {@code sync-n} agents run what must reach the disk, the {@code maintenance} agent rewrites and removes old segments. Each
 * request passes three stages: append (gathered per partition into one write), sync (one for everything that waits),
 * acknowledge. Readers never pass through the ring: they look at what a partition has published last.
 *
 * <p>The same agents run on threads ({@link io.millrace.node.LogNode#start}) or are stepped by a test.
 */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
