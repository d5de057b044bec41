package io.millrace.streams;

import io.millrace.streams.codec.ReadableCodec;
import io.millrace.streams.topology.LateTopic;
import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An operator while its topology is still being written. Owned by the thread that writes it. */
final class Draft {

    final TopologyBuilder builder;
    final List<Draft> inputs;
    final Supplier<Operation> operation;

    @Nullable
    String name;

    @Nullable
    ErrorPolicy errorPolicy;

    @Nullable
    LateTopic lateTo;

    /** The topic of late records, if its types were given with it. */
    @Nullable
    Topic<?, ?> lateTopic;

    /** The topic it reads or writes, if that is a single one. */
    @Nullable
    Topic<?, ?> topic;

    Draft(TopologyBuilder builder, List<Draft> inputs, Supplier<Operation> operation) {
        this.builder = builder;
        this.inputs = List.copyOf(inputs);
        this.operation = operation;
    }

    /** A new operator that reads this one. */
    Draft then(Operation next) {
        return builder.add(List.of(this), () -> next);
    }

    Draft thenWith(Draft other, Operation next) {
        if (other.builder != builder) {
            throw new IllegalArgumentException(
                    "the two inputs of a " + next.getClass().getSimpleName()
                            + " belong to different topologies, " + builder.job() + " and " + other.builder.job()
                            + "; build both with the same TopologyBuilder");
        }
        return builder.add(List.of(this, other), () -> next);
    }

    /** Late records go to a topic, as text for people. */
    void lateTo(String topic) {
        lateTo = new LateTopic(Names.topic(topic), ReadableCodec.INSTANCE, ReadableCodec.INSTANCE);
        lateTopic = null;
    }

    void lateTo(Topic<?, ?> topic) {
        lateTo = new LateTopic(topic.name(), topic.keys(), topic.values());
        lateTopic = topic;
    }
}
