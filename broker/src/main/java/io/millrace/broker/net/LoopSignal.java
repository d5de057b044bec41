package io.millrace.broker.net;

import io.millrace.kernel.Signal;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes an event loop, once for however many signals came since it last ran. Any thread may raise it. */
final class LoopSignal implements Signal {

    private final EventLoop loop;
    private final Runnable onSignal;
    private final AtomicBoolean raised = new AtomicBoolean();

    LoopSignal(EventLoop loop, Runnable onSignal) {
        this.loop = loop;
        this.onSignal = onSignal;
    }

    @Override
    public void raise() {
        if (!raised.getAndSet(true)) {
            try {
                loop.execute(this::run);
            } catch (RejectedExecutionException e) {
                raised.set(true); // the loop has ended: nobody is left to be told
            }
        }
    }

    /** Cleared before anything is looked at, so that what comes after the look signals again. */
    private void run() {
        raised.set(false);
        onSignal.run();
    }
}
