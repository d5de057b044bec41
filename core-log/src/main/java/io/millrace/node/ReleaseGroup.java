package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;

/** A member lets its group go. Nobody waits for that, but without it nobody else could have the group: so a full disk only delays it. */
final class ReleaseGroup extends Work {

    private final String group;
    private final String member;
    private final RetryDelay delay = new RetryDelay();

    ReleaseGroup(String group, String member) {
        this.group = group;
        this.member = member;
    }

    @Override
    void append(LogOwner log) {
        touchNothing();
        try {
            log.groups().release(log, this, group, member);
        } catch (LogException refused) {
            if (refused.error() == ErrorCode.THROTTLING_QUOTA_EXCEEDED) {
                log.retryIn(delay.next(), this);
            }
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        // nobody asks
    }

    @Override
    void fail(ErrorCode error, String message) {
        // the start of the next life releases every group
    }
}
