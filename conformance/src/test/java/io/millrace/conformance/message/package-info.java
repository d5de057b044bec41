/**
 * The generated message codecs held against those in Kafka's own jars, by reflection: random messages of every version, byte
 * for byte and field by field.
 */
package io.millrace.conformance.message;
