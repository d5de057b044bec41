/**
 * Sources that come with Millrace and need nothing else: text files, line by line, and a brake for replays.
 *
 * <p>Read {@link io.millrace.connect.builtin.LineFileSource} first. A source is only a description; what is read lives in its
 * readers, each owned by the one thread that polls it. Positions are small maps of names and numbers that commit in the
 * job's own epoch, so a job that was killed while loading takes no line twice and leaves none out.
 */
@NullMarked
package io.millrace.connect.builtin;

import org.jspecify.annotations.NullMarked;
