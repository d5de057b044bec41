package io.millrace.streams.topology;

import io.millrace.streams.codec.Codec;

/**
 * Where an operator writes the records that come too late for it.
 *
 * @param keys writes the keys that the operator was given
 * @param values writes the values that the operator was given
 */
public record LateTopic(String topic, Codec<?> keys, Codec<?> values) {

    @Override
    public String toString() {
        return topic;
    }
}
