package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import io.millrace.record.Compression;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Batch builders on their way back from the I/O agent to the lane that fills them. A ring that is full lets a builder go to
 * the garbage collector. {@link #take} belongs to the lane, {@link #giveBack} to the I/O agent.
 */
final class BatchPool {

    private static final int RETURNS_MAX = 256;

    /** What makes builders interchangeable. */
    record Shape(Compression compression, int batchBytesMax) {}

    private record Returned(Shape shape, RecordBatchBuilder builder) {}

    private final Map<Shape, ArrayDeque<RecordBatchBuilder>> free = new HashMap<>();
    private final Pipeline<Returned> returns;
    private final io.millrace.kernel.Agent returning;

    BatchPool() {
        Stage<Returned> accept = returned -> {
            returned.builder().reset();
            free.computeIfAbsent(returned.shape(), shape -> new ArrayDeque<>()).addLast(returned.builder());
            return true;
        };
        returns = Pipeline.<Returned>withCapacity(RETURNS_MAX, Pipeline.Producers.ONE)
                .stage("builders", Signal.NONE, accept)
                .build();
        returning = returns.stages().get(0);
    }

    RecordBatchBuilder take(Shape shape) throws Exception {
        ArrayDeque<RecordBatchBuilder> spare = free.get(shape);
        if (spare == null || spare.isEmpty()) {
            returning.step();
            spare = free.get(shape);
        }
        RecordBatchBuilder builder = spare == null ? null : spare.pollFirst();
        return builder == null
                ? new RecordBatchBuilder(shape.compression(), TimestampType.CREATE_TIME, shape.batchBytesMax())
                : builder;
    }

    void giveBack(Shape shape, RecordBatchBuilder builder) {
        returns.offer(new Returned(shape, builder));
    }
}
