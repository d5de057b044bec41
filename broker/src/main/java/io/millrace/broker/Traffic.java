package io.millrace.broker;

import java.util.concurrent.atomic.LongAdder;

/** What clients have written and read, and how many there are. Counted by event loops, read by anybody. */
public final class Traffic {

    private final LongAdder connections = new LongAdder();
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder producedRecords = new LongAdder();
    private final LongAdder producedBytes = new LongAdder();
    private final LongAdder fetchedBytes = new LongAdder();

    /**
     * One moment of it.
     *
     * @param connections that are open
     * @param connectionsOpened since the start
     * @param producedRecords that were acknowledged, or handed over without acknowledgement
     * @param producedBytes of their batches, as they came
     * @param fetchedBytes of batches in answers to fetches
     */
    public record Counts(
            long connections, long connectionsOpened, long producedRecords, long producedBytes, long fetchedBytes) {

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(
                    connections + other.connections,
                    connectionsOpened + other.connectionsOpened,
                    producedRecords + other.producedRecords,
                    producedBytes + other.producedBytes,
                    fetchedBytes + other.fetchedBytes);
        }
    }

    /** A client has connected. */
    public void opened() {
        connections.increment();
        connectionsOpened.increment();
    }

    /** A client's connection is gone. */
    public void closed() {
        connections.decrement();
    }

    /** A batch is in the log, or on its way without acknowledgement. */
    public void produced(int records, int bytes) {
        producedRecords.add(records);
        producedBytes.add(bytes);
    }

    /** Batches go to a client. */
    public void fetched(long bytes) {
        fetchedBytes.add(bytes);
    }

    public Counts counts() {
        return new Counts(
                connections.sum(),
                connectionsOpened.sum(),
                producedRecords.sum(),
                producedBytes.sum(),
                fetchedBytes.sum());
    }
}
