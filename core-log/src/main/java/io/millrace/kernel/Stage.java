package io.millrace.kernel;

/**
 * What one stage of a {@link Pipeline} does. Called by the one agent that steps the stage.
 *
 * <p>In one step the stage takes in what is there and then finishes all of it together: the place for one write or one sync
 * on behalf of many. Nothing it took leaves the stage before {@link #finish} succeeds.
 *
 * @param <T> what the slots carry: a frame, never a single record
 */
@FunctionalInterface
public interface Stage<T> {

    /**
     * Takes in the next item.
     *
     * @return false for "not now": the item stays where it is, and is offered again at a later step
     * @throws Exception a surprise; the item stays where it is, as if it had not been offered
     */
    boolean take(T item) throws Exception;

    /**
     * Finishes everything taken in since the last success.
     *
     * @return false for "not yet": called again at a later step, and nothing more is taken in before
     * @throws Exception a surprise; nothing leaves the stage
     */
    default boolean finish() throws Exception {
        return true;
    }
}
