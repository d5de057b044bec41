package io.millrace.conformance.streams;

/** A record of a topic, in or out. */
record Row(String topic, String key, String value, long timestampMs) {

    @Override
    public String toString() {
        return topic + "  " + key + "=" + value + "@" + timestampMs;
    }
}
