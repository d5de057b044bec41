/** Clients of every family, unmodified, each going through the same course beside a node of ours. */
package io.millrace.conformance.client;
