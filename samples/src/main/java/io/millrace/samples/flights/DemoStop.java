package io.millrace.samples.flights;

import java.io.PrintStream;

/** Says a last sentence when the process is asked to end, by Ctrl-C or a signal. Armed and disarmed by the main thread. */
final class DemoStop {

    private final Thread farewell;

    DemoStop(PrintStream out, DemoDirectory directory) {
        farewell = new Thread(
                () -> {
                    out.println();
                    out.println("Stopped. Start " + directory.command() + " again, and it goes on where it was.");
                    out.flush();
                },
                "demo-farewell");
    }

    /** From now on there is something to go on with. */
    void arm() {
        Runtime.getRuntime().addShutdownHook(farewell);
    }

    /** From now on there is not. Returns false if the process is ending already, so that nothing more is to be said. */
    boolean disarm() {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
