package io.millrace.streams;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the aggregates of {@link Aggregates} keep as state. Part of the stored form: names and components stay. */
public final class Accumulators {

    private Accumulators() {}

    /** One value or none. */
    public record Held(@Nullable Object value) {
        static final Held NOTHING = new Held(null);
    }

    /** Sum and count. */
    public record Mean(long count, double sum) {}

    /** The accumulators of two aggregates. */
    public record Two(Object first, Object second) {}

    /** The accumulators of three aggregates. */
    public record Three(Object first, Object second, Object third) {}

    /** All of them, for the type registry. */
    public static List<Class<?>> types() {
        return List.of(Held.class, Mean.class, Two.class, Three.class);
    }
}
