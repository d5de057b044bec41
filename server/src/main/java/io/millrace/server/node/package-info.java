/**
 * A node as a process: its configuration from file and environment, its log, its listeners, and the admin listener with health and
 * metrics. Read {@link io.millrace.server.node.RunningNode} first. Opened and closed by the command's thread.
 */
@NullMarked
package io.millrace.server.node;

import org.jspecify.annotations.NullMarked;
