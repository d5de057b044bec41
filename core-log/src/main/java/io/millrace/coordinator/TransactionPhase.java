package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/** Where a transactional id stands. Numbers and names are those of Kafka's {@code TransactionState}. */
public enum TransactionPhase {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    DEAD(6, "Dead");

    private final byte id;
    private final String title;

    TransactionPhase(int id, String title) {
        this.id = (byte) id;
        this.title = title;
    }

    /** The number in {@code TransactionLogValue}. */
    public byte id() {
        return id;
    }

    /** Kafka's word for it. */
    public String title() {
        return title;
    }

    /** Whether it is decided and the markers are on their way. */
    public boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** The phase with this number, null if there is none. */
    public static @Nullable TransactionPhase of(int id) {
        for (TransactionPhase phase : values()) {
            if (phase.id == id) {
                return phase;
            }
        }
        return null;
    }
}
