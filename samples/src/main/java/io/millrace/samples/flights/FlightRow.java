package io.millrace.samples.flights;

/** A line of the input files, which hold airports and flights. */
public sealed interface FlightRow permits Airport, Flight {}
