/**
 * The port to a log: everything above the log comes through {@link io.millrace.client.LogClient}, whether the log lives in
 * this process or in another one.
 *
 * <p>No call blocks and nothing calls back: a call returns a {@link io.millrace.client.Pending} that its owner looks at
 * when it is stepped. One thread owns a client and all that it handed out.
 */
@NullMarked
package io.millrace.client;

import org.jspecify.annotations.NullMarked;
