package io.millrace.coordinator;

/**
 * What a member of a consumer group has, and how far it is.
 *
 * @param epoch at which it is; 0 before it has any, -2 while a static member is away
 * @param previousEpoch at which it was: an answer with the present one may have been lost
 * @param assigned that it has, or may take
 * @param revoking that it must let go, and may still have
 */
record MemberProgress(int epoch, int previousEpoch, MemberState state, Holdings assigned, Holdings revoking) {

    static final int LEFT = -1;
    static final int STATIC_AWAY = -2;

    static final MemberProgress NONE = new MemberProgress(0, -1, MemberState.STABLE, Holdings.NONE, Holdings.NONE);

    boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }

    /** At another epoch, from this one. */
    MemberProgress at(int newEpoch, MemberState newState, Holdings has, Holdings mustLetGo) {
        return new MemberProgress(newEpoch, epoch, newState, has, mustLetGo);
    }

    /** A static member goes, to come back. */
    MemberProgress away() {
        return new MemberProgress(STATIC_AWAY, previousEpoch, state, assigned.sinceEver(), Holdings.NONE);
    }

    /** A static member is back under another id: it has what it had, and is to be told all of it. */
    MemberProgress back() {
        return new MemberProgress(0, 0, state, assigned, revoking);
    }
}
