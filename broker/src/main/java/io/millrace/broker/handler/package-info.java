/**
 * One class per API: it reads the request, asks the node, and makes the response. What each must do is Kafka's protocol
 * guide and the KIP its class names. {@link io.millrace.broker.handler.Apis} lists them all.
 */
@NullMarked
package io.millrace.broker.handler;

import org.jspecify.annotations.NullMarked;
