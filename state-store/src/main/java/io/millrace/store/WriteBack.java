package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * The lane's end of a shard's way down: decides when committed state is handed to the writer, and confirms what was written.
 * Stepped by the lane at frame boundaries.
 *
 * <p>It works in rounds. A round begins when the oldest unwritten commit is {@code delayMs} old, or the shard pins too much; it
 * ends when all that was committed at its begin is written. Between rounds nothing is written, so that keys which change all
 * the time are skipped, not written.
 */
public final class WriteBack {

    private final ShardState shard;
    private final ShardChannel channel;
    private final MemoryBudget budget;
    private final WriteBackSettings settings;

    private int inFlightCount;
    private long idleSinceMs = Long.MIN_VALUE;
    private boolean isInRound;
    private long roundEndOffset;
    private boolean isDraining;

    public WriteBack(ShardState shard, ShardChannel channel, MemoryBudget budget, WriteBackSettings settings) {
        this.shard = shard;
        this.channel = channel;
        this.budget = budget;
        this.settings = settings;
    }

    /**
     * Confirms what was written and hands over what is due.
     *
     * @param committed the position of the last commit or restore, null if there was none
     * @return how many slices moved
     * @throws StateStoreException if the store failed; the shard must stop
     */
    public int step(long nowMs, @Nullable StorePosition committed) {
        StateStoreException failure = channel.failure;
        if (failure != null) {
            throw new StateStoreException("The shard cannot go on without its backing store.", failure);
        }
        int moved = confirmWritten();
        if (committed == null) {
            return moved;
        }
        if (!isInRound && isDue(nowMs)) {
            isInRound = true;
            roundEndOffset = committed.changelogOffset();
        }
        while (isInRound && channel.toWrite.hasRoom() && inFlightCount < settings.slicesInFlightMax()) {
            ShardState.Slice slice = shard.takeSlice(settings.sliceBytes());
            if (slice == null || isRoundEnd(slice)) {
                isInRound = false;
                idleSinceMs = nowMs;
            }
            if (slice != null) {
                channel.toWrite.offer(slice);
                inFlightCount++;
                moved++;
            }
        }
        return moved;
    }

    /** From now on everything is written without delay; for a clean close, after the last commit. */
    public void drain() {
        isDraining = true;
    }

    /** Whether, while draining, all that was committed has been written and confirmed. */
    public boolean isDrained() {
        return isDraining && !isInRound && inFlightCount == 0;
    }

    private int confirmWritten() {
        int confirmed = 0;
        for (ShardState.Slice slice = channel.written.poll(); slice != null; slice = channel.written.poll()) {
            shard.confirm(slice);
            inFlightCount--;
            confirmed++;
        }
        return confirmed;
    }

    private boolean isDue(long nowMs) {
        if (idleSinceMs == Long.MIN_VALUE) {
            idleSinceMs = nowMs;
        }
        return isDraining
                || nowMs - idleSinceMs >= settings.delayMs()
                || shard.pinnedBytes() > settings.pinnedBytesMax()
                || budget.isPinnedExceeded();
    }

    private boolean isRoundEnd(ShardState.Slice slice) {
        StorePosition position = slice.position();
        return position != null && position.changelogOffset() >= roundEndOffset;
    }
}
