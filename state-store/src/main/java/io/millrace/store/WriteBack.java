package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * Decides when the committed state of one shard goes down. Owned by the lane that owns the shard, which hands the slices to
 * the writer and confirms them when they come back.
 *
 * <p>It works in rounds. A round begins when something has been waiting for {@code delayMs}, or the shard pins too much; it
 * ends when all that was committed at its begin has been handed out, not when nothing is left: keys that change all the time
 * would keep it going for ever. Between rounds nothing is written, so that such keys are skipped and not written.
 */
public final class WriteBack {

    private final ShardState shard;
    private final WriteBackSettings settings;

    private boolean isInRound;
    private long roundEndOffset;
    private long handedOutOffset;
    private boolean isWaiting;
    private long waitingSinceMs;

    public WriteBack(ShardState shard, WriteBackSettings settings) {
        this.shard = shard;
        this.settings = settings;
        StorePosition position = shard.position();
        handedOutOffset = position == null ? -1 : position.changelogOffset();
    }

    /**
     * The next slice to write, null if none is due.
     *
     * @param isPressed whether to write without delay: the process has too much pinned, or the job is closing
     */
    public ShardState.@Nullable Slice next(long nowMs, boolean isPressed) {
        StorePosition committed = shard.committedPosition();
        if (!isInRound && (committed == null || !isDue(committed.changelogOffset(), nowMs, isPressed))) {
            return null;
        }
        if (!isInRound && committed != null) {
            isInRound = true;
            roundEndOffset = committed.changelogOffset();
        }
        ShardState.Slice slice = shard.takeSlice(settings.sliceBytes());
        StorePosition position = slice == null ? null : slice.position();
        if (position != null) {
            handedOutOffset = position.changelogOffset();
        }
        if (slice == null || handedOutOffset >= roundEndOffset) {
            isInRound = false;
            isWaiting = false;
        }
        return slice;
    }

    /** Time (ms) at which the next slice is due, as far as {@link #next} has seen; {@code Long.MAX_VALUE} if nothing waits. */
    public long nextDueMs() {
        if (isInRound) {
            return Long.MIN_VALUE;
        }
        return isWaiting && !isHandedOut() ? waitingSinceMs + settings.delayMs() : Long.MAX_VALUE;
    }

    /** Whether everything that is committed has been handed out. */
    public boolean isHandedOut() {
        StorePosition committed = shard.committedPosition();
        return committed == null || handedOutOffset >= committed.changelogOffset();
    }

    private boolean isDue(long committedOffset, long nowMs, boolean isPressed) {
        if (committedOffset <= handedOutOffset) {
            return false;
        }
        if (!isWaiting) {
            isWaiting = true;
            waitingSinceMs = nowMs;
        }
        return isPressed
                || nowMs - waitingSinceMs >= settings.delayMs()
                || shard.pinnedBytes() > settings.pinnedBytesMax();
    }
}
