package io.millrace.samples.flights;

/**
 * What the delay board shows for a state and an hour: the flights that arrived more than 15 minutes late.
 *
 * @param count how many
 * @param meanMinutes their mean delay
 * @param maxMinutes the largest delay
 */
public record DelayStats(long count, double meanMinutes, int maxMinutes) {}
