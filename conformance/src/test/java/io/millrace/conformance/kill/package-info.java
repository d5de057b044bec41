/**
 * A job process under {@code kill -9}: it starts on files, dies at random moments, and must lose and repeat nothing.
 *
 * <p>Read {@link io.millrace.conformance.kill.KillIT} first. The process that is killed is
 * {@link io.millrace.conformance.kill.FlightJobProcess}.
 */
@NullMarked
package io.millrace.conformance.kill;

import org.jspecify.annotations.NullMarked;
