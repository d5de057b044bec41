package io.millrace.server.command;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C for a command that would go on for ever: it is told, and gets the time to end well. Made and closed by the command's
 * thread; asked by it too.
 */
public final class StopRequest implements AutoCloseable {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::askAndWait, "stop");

    public StopRequest() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void askAndWait() {
        asked.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process is asked to end. */
    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** As if Ctrl-C had been pressed; any thread. */
    public void ask() {
        asked.countDown();
    }

    /** Returns when it is asked. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /** Everything is done: the process may end. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and was waiting for this.
        }
    }
}
