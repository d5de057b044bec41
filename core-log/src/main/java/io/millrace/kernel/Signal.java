package io.millrace.kernel;

/** Tells the driver of another agent that there is work. Callable from any thread, never blocks, may be spurious. */
@FunctionalInterface
public interface Signal {

    /** Nobody listens: the owner is stepped anyway, as in a test. */
    Signal NONE = () -> {};

    void raise();
}
