package io.millrace.streams.runtime;

import io.millrace.store.ValueCodec;
import io.millrace.streams.codec.StateKeyCodec;

/**
 * How one lane turns what is in state into bytes and back. Not shared between lanes.
 *
 * @param keys canonical; also chooses shards
 * @param values with their types written
 */
public record StateCodecs(StateKeyCodec keys, ValueCodec<Object> values) {}
