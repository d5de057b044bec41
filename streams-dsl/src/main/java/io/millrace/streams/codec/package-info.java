/**
 * How objects become bytes: Kafka's formats at the edges of a job, Kryo with written schemas inside.
 *
 * <p>Read {@link io.millrace.streams.codec.Codec} first. Codecs at the edges are immutable and shared; inner codecs belong to
 * one lane.
 */
@NullMarked
package io.millrace.streams.codec;

import org.jspecify.annotations.NullMarked;
