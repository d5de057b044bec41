package io.millrace.streams.runtime;

import io.millrace.streams.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * An input record that never became objects. The lane applies the source's policy when the record's turn comes.
 *
 * @param reason {@link DropReason#DESERIALIZATION} or {@link DropReason#NEGATIVE_TIMESTAMP}
 * @param cause what the codec or the timestamp extractor threw, null if nothing was thrown
 * @param key as it stands on the topic
 * @param value as it stands on the topic
 */
record DecodeFailure(DropReason reason, @Nullable Exception cause, byte @Nullable [] key, byte @Nullable [] value) {}
