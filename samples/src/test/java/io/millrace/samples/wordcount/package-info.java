@NullMarked
package io.millrace.samples.wordcount;

import org.jspecify.annotations.NullMarked;
