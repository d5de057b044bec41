package io.millrace.streams;

import org.jspecify.annotations.Nullable;

/** A key and a value; either may be null. */
public record KeyValue<K extends @Nullable Object, V extends @Nullable Object>(K key, V value) {

    public static <K extends @Nullable Object, V extends @Nullable Object> KeyValue<K, V> of(K key, V value) {
        return new KeyValue<>(key, value);
    }
}
