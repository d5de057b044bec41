/** What administrators do, with Kafka's own admin client and its tools. */
package io.millrace.conformance.admin;
