package io.millrace.samples.flights;

/** Two airports, whichever way one flies: {@code from} is the one that comes first in the alphabet. */
public record Route(String from, String to) {}
