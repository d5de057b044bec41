package io.millrace.streams;

import java.util.List;

/**
 * Makes a fresh {@link Processor} per task, and says which state it needs. The constructor of a class is enough, as in {@code
 * stream.process(Dedup::new, "seen")}: what comes out then follows from the class.
 */
@FunctionalInterface
public interface ProcessorSupplier<K, V, KO, VO> {

    /** A processor that nobody else has. It may take more general records than come. */
    Processor<? super K, ? super V, KO, VO> create();

    /** Names of the key-value stores the processor uses; names are unique within the processor. */
    default List<String> stores() {
        return List.of();
    }
}
