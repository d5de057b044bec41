package io.millrace.node;

import io.millrace.client.LogClient;
import io.millrace.client.LogFixture;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A node on no thread at all: memory storage, manual time, agents stepped in an order drawn from a seed. */
final class SteppedLog implements LogFixture {

    static final long START_MS = 1_000_000_000_000L;

    private final ManualClock clock;
    private final DeterministicScheduler scheduler;
    private final LogNode node;
    private final LogClient client;
    private final List<LogClient> clients = new ArrayList<>();

    SteppedLog(long seed) {
        this(seed, new MemoryLogStorage(), NodeConfig.DEFAULT, new ManualClock(START_MS));
    }

    SteppedLog(long seed, LogStorage storage, NodeConfig config, ManualClock clock) {
        Random ids = new Random(seed);
        this.clock = clock;
        this.scheduler = DeterministicScheduler.seeded(clock, seed);
        this.node = LogNode.open(storage, config.withIds(() -> new UUID(ids.nextLong(), ids.nextLong())), clock);
        this.scheduler.addAll(node.agents());
        this.client = openClient();
    }

    LogNode node() {
        return node;
    }

    DeterministicScheduler scheduler() {
        return scheduler;
    }

    @Override
    public LogClient client() {
        return client;
    }

    @Override
    public LogClient openClient() {
        LogClient opened = node.newClient(Signal.NONE);
        clients.add(opened);
        return opened;
    }

    @Override
    public void until(BooleanSupplier condition) {
        scheduler.runUntil(() -> {
            clients.forEach(each -> each.poll(clock.wallMs()));
            return condition.getAsBoolean();
        });
    }

    @Override
    public void settle() {
        scheduler.runUntilIdle();
    }

    @Override
    public void passTime(Duration duration) {
        scheduler.runFor(duration);
    }

    @Override
    public long nowMs() {
        return clock.wallMs();
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
