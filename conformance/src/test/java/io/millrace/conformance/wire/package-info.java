/** Clients as users have them, unmodified, beside a node of ours. */
package io.millrace.conformance.wire;
