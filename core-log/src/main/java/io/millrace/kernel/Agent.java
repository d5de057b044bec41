package io.millrace.kernel;

/**
 * A piece of the system with one owner thread: it is stepped, never blocks inside a step, and owns its state alone.
 *
 * <p>A driver (a thread in production, a scheduler in a test) calls {@link #step} again and again. A step that did nothing
 * lets the driver idle until {@link Signal#raise} or until {@link #nextDeadlineNs}.
 */
public interface Agent extends AutoCloseable {

    /** Name for the thread and for log lines, such as {@code log-0} or {@code lane-1}. */
    String name();

    /**
     * Does a bounded piece of work.
     *
     * @return how many units of work were done; 0 lets the driver idle
     * @throws Exception any surprise; the driver hands it to its {@code FaultHandler} and stops stepping this agent
     */
    int step() throws Exception;

    /** Monotonic time (ns) at which this agent wants to be stepped although nobody signalled; {@link Long#MAX_VALUE} for never. */
    default long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Called once by the driver, on the owner thread, after the last step. */
    @Override
    default void close() {}
}
