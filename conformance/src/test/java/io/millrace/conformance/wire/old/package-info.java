/** What runs on an old version of Kafka's client, in a class loader of its own. */
package io.millrace.conformance.wire.old;
