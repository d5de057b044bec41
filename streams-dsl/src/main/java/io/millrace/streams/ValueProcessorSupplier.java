package io.millrace.streams;

/** Makes a fresh {@link ValueProcessor} per task. */
@FunctionalInterface
public interface ValueProcessorSupplier<K, V, VO> {

    /** A processor that nobody else has. It may take more general records than come. */
    ValueProcessor<? super K, ? super V, VO> create();
}
