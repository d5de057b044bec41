package io.millrace.streams;

import java.util.List;

/** Makes a fresh {@link Processor} per task, and says which state it needs. */
@FunctionalInterface
public interface ProcessorSupplier<K, V, KO, VO> {

    Processor<K, V, KO, VO> create();

    /** Names of the key-value stores the processor uses; names are unique within the processor. */
    default List<String> stores() {
        return List.of();
    }
}
