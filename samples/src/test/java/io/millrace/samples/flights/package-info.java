@NullMarked
package io.millrace.samples.flights;

import org.jspecify.annotations.NullMarked;
