/** What is loaded once for each version of Kafka's Java client, so it uses only what all of them have. */
package io.millrace.conformance.client.driver;
