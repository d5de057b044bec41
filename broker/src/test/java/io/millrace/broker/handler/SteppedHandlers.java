package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Call;
import io.millrace.broker.Cluster;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Handler;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.Principal;
import io.millrace.broker.Surroundings;
import io.millrace.broker.Traffic;
import io.millrace.client.NewTopic;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import io.millrace.record.wire.Message;
import java.util.Map;

/** A node in memory and handlers over one door of it, stepped until they answer. */
final class SteppedHandlers implements AutoCloseable {

    private final ManualClock clock = new ManualClock(1_000_000);
    private final LogNode node = LogNode.open(new MemoryLogStorage(), NodeConfig.DEFAULT, clock);
    private final DeterministicScheduler scheduler =
            DeterministicScheduler.roundRobin(clock).addAll(node.agents());
    private final NodeDoor door = node.newDoor(Signal.NONE);

    @Override
    public void close() {
        door.close();
        node.close();
    }

    Surroundings around(Authorizer authorizer, BrokerConfig config) {
        return new Surroundings(
                door,
                new Cluster("cluster", 1),
                authorizer,
                config,
                new PartitionWatches(Signal.NONE),
                new Traffic(),
                7);
    }

    Surroundings around() {
        return around(Authorizer.EVERYBODY, BrokerConfig.DEFAULT);
    }

    <Q extends Message, R> R ask(Handler<Q> handler, Q request, int version, Class<R> kind) {
        var call = new Call(
                (short) version,
                "test",
                Principal.ANONYMOUS,
                new Endpoint("PLAINTEXT", "127.0.0.1", 9092),
                "/127.0.0.1",
                0);
        Answer answer = handler.handle(request, call);
        Answer.Outcome[] outcome = {null};
        scheduler.runUntil(() -> {
            outcome[0] = answer.poll(0);
            return outcome[0] != null;
        });
        return kind.cast(((Answer.Response) outcome[0]).message());
    }

    void create(String topic, int partitions, Map<String, String> configs) {
        var pending = door.client().createTopic(new NewTopic(topic, partitions, configs));
        scheduler.runUntil(pending::isDone);
        pending.value();
    }

    NodeDoor door() {
        return door;
    }
}
