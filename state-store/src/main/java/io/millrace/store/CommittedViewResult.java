package io.millrace.store;

/** The answer to {@link ShardState#committedView}. */
public sealed interface CommittedViewResult {

    /** The view, which the caller must close. */
    record Viewed(CommittedView view) implements CommittedViewResult {}

    /**
     * Too much is committed but not yet written to copy it; ask again when the backing store has caught up.
     *
     * @param pinnedCount entries that would have to be copied
     * @param pinnedMax entries that were allowed
     */
    record Refused(long pinnedCount, long pinnedMax) implements CommittedViewResult {}
}
