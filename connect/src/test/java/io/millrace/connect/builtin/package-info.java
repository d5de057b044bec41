@NullMarked
package io.millrace.connect.builtin;

import org.jspecify.annotations.NullMarked;
