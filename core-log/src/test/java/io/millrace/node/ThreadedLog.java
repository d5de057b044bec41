package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.LogFixture;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/** A node on real threads and files. Its clock is moved by hand, so that time-outs are tested without waiting. */
final class ThreadedLog implements LogFixture {

    private static final long WAIT_NS_MAX = 30_000_000_000L;

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final LogNode node;
    private final LogClient client;
    private final List<LogClient> clients = new ArrayList<>();

    ThreadedLog(Path directory, NodeConfig config) {
        node = LogNode.open(directory, config, clock).start((agent, fault) -> faults.add(fault));
        client = openClient();
    }

    LogNode node() {
        return node;
    }

    @Override
    public LogClient client() {
        return client;
    }

    @Override
    public LogClient openClient() {
        LogClient opened = node.newClient(new Doorbell());
        clients.add(opened);
        return opened;
    }

    @Override
    public void until(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
        while (!condition.getAsBoolean()) {
            clients.forEach(each -> each.poll(clock.wallMs()));
            assertThat(faults).isEmpty();
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(deadlineNs);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Override
    public void settle() {
        answer(client.listGroups());
        answer(client.listGroups());
        answer(client.listGroups());
    }

    @Override
    public void passTime(Duration duration) {
        clock.advance(duration);
        node.wake();
        settle();
    }

    @Override
    public long nowMs() {
        return clock.wallMs();
    }

    @Override
    public void close() {
        client.close();
        node.close();
        assertThat(faults).isEmpty();
    }
}
