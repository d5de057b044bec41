package io.millrace.record;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record header: a name and an optional value. Names may repeat within a record and keep their order.
 *
 * @param key the name, encoded as UTF-8
 * @param value the bytes, or null; must not be changed
 */
public record Header(String key, byte @Nullable [] value) {

    /** The headers of a record that has none. */
    public static final Header[] NONE = {};

    // Written out, as the null-checker of other modules does not see what a compact constructor's array may be.
    public Header(String key, byte @Nullable [] value) {
        this.key = Objects.requireNonNull(key, "a header needs a key");
        this.value = value;
    }
}
