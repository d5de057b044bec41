package io.millrace.record;

import org.jspecify.annotations.Nullable;

/** A record header. The value must not be changed. */
public record Header(String key, byte @Nullable [] value) {}
