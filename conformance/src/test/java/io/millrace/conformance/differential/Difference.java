package io.millrace.conformance.differential;

/**
 * What the two answer differently.
 *
 * @param where script, step and version
 * @param path of the value in the answer, empty for the whole of it
 */
record Difference(String where, String path, String kafka, String millrace) {

    static final String ABSENT = "(absent)";

    @Override
    public String toString() {
        return where + " · " + path + " · Kafka: " + kafka + " · Millrace: " + millrace;
    }
}
