/** State and log that do not fit together any more, on real files: what is thrown away, what is kept, what comes out. */
package io.millrace.conformance.state;
