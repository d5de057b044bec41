package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** An update of a table's row; null for no row. What flows on the edges of tables. */
public record Change(@Nullable Object oldValue, @Nullable Object newValue) {}
