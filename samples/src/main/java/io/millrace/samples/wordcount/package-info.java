/**
 * The smallest program that shows all of it: a source, an exchange, state, a topic and an embedded log. Read
 * {@link io.millrace.samples.wordcount.WordCount}, which is the program in the README.
 */
@NullMarked
package io.millrace.samples.wordcount;

import org.jspecify.annotations.NullMarked;
