/** Contract suites that every implementation of the ports must pass, and the tests of the heap state. */
@NullMarked
package io.millrace.store;

import org.jspecify.annotations.NullMarked;
