package io.millrace.streams;

/**
 * A key in a window of event time.
 *
 * @param key the inner key
 * @param startMs inclusive, ms since 1970
 * @param endMs exclusive
 */
public record Windowed<K>(K key, long startMs, long endMs) {}
