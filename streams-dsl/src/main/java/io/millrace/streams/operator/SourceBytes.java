package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** An input record as it stands on its topic: what a dead-letter topic gets, so that it can be produced again. */
public record SourceBytes(byte @Nullable [] key, byte @Nullable [] value) {}
