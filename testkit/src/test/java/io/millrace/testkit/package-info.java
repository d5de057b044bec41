/** Tests of the test kit, and of the runtime through it. */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
