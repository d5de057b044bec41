package io.millrace.streams.runtime;

/** Told at each {@link EpochPoint}, on the agent that reaches it. For test drivers, which throw {@link SimulatedCrash} from it. */
@FunctionalInterface
public interface EpochHook {

    /** Nobody listens. */
    EpochHook NONE = (point, epoch) -> {};

    /** @param epoch the number of the epoch within this attempt, counted from 1; 0 before the first */
    void reached(EpochPoint point, long epoch);

    /** The process is gone: passes through every handler of the runtime, which must be thrown away. */
    final class SimulatedCrash extends Error {
        private static final long serialVersionUID = 1L;

        public SimulatedCrash(EpochPoint point, long epoch) {
            super("crash at " + point + " of epoch " + epoch);
        }
    }
}
