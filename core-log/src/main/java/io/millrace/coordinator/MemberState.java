package io.millrace.coordinator;

/** How far a member of a consumer group is on its way to the assignment it is to have. The numbers are those of Kafka's records. */
enum MemberState {
    /** It has what its epoch gives it. */
    STABLE(0),
    /** It must let partitions go, and has not said that it has. */
    UNREVOKED_PARTITIONS(1),
    /** It has let go what it must, and waits for partitions that others have not let go. */
    UNRELEASED_PARTITIONS(2),
    /** A later release wrote something else. */
    UNKNOWN(127);

    private final byte code;

    MemberState(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static MemberState of(byte code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
