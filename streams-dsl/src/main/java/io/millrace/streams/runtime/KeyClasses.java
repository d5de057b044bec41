package io.millrace.streams.runtime;

import io.millrace.store.KeyCodec;
import io.millrace.streams.Windowed;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The class that the keys of each store have: the first key decides, for ever. Members of a sealed hierarchy count as one class,
 * as do all lists. Shared by the lanes of one attempt; the I/O agent keeps it in the catalog.
 */
public final class KeyClasses {

    /** A store whose keys are of another class than the key at hand. */
    static final class OtherClassException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        OtherClassException(String message) {
            super(message);
        }
    }

    private final Map<String, String> classes = new ConcurrentHashMap<>();
    private final Map<String, String> news = new ConcurrentHashMap<>();

    /** Takes over what an earlier run wrote. */
    void install(String store, String name) {
        classes.put(store, name);
    }

    /** The class names of stores that got their first key since the last call. Called by the I/O agent. */
    Map<String, String> takeNew() {
        Map<String, String> taken = new TreeMap<>(news);
        taken.forEach(news::remove);
        return taken;
    }

    /** The keys of a store, which are refused if they are of another class than those in it. */
    KeyCodec<Object> checked(String store, KeyCodec<Object> keys) {
        return new Checked(store, keys);
    }

    /** @throws OtherClassException if the store is known to have no key of this class */
    void requireFits(String store, Object key) {
        String known = classes.get(store);
        String asked = nameOf(key);
        if (known != null && !known.equals(asked)) {
            throw new OtherClassException("store " + store + " has keys of " + known + ", and none of " + asked);
        }
    }

    private void admit(String store, Object key) {
        String name = nameOf(key);
        String known = classes.putIfAbsent(store, name);
        if (known == null) {
            news.put(store, name);
        } else if (!known.equals(name)) {
            throw new OtherClassException("the state of " + store + " has keys of " + known + ", but this key is of "
                    + name + ". Keys must not change their class: undo the change, give the operator another name with"
                    + " .named(...) and allow the old state to be dropped with the job option state.drop="
                    + operator(store) + ", or put the job back with `millrace job reset`");
        }
    }

    private static String operator(String store) {
        int slash = store.indexOf('/');
        return slash < 0 ? store : store.substring(0, slash);
    }

    static String nameOf(Object key) {
        if (key instanceof Windowed<?> windowed) {
            return "windowed " + nameOf(windowed.key());
        }
        return key instanceof List<?>
                ? List.class.getName()
                : family(key.getClass()).getName();
    }

    private static Class<?> family(Class<?> type) {
        Class<?> above = type.getSuperclass();
        if (above != null && (above.isSealed() || above.isEnum())) {
            return family(above);
        }
        for (Class<?> contract : type.getInterfaces()) {
            if (contract.isSealed() && !contract.getName().startsWith("java.")) {
                return family(contract);
            }
        }
        return type;
    }

    /** Owned by one lane. */
    private final class Checked implements KeyCodec<Object> {

        private final String store;
        private final KeyCodec<Object> keys;

        /** Class of the last key, without its windows. */
        private @Nullable Class<?> last;

        private int lastWindows;

        Checked(String store, KeyCodec<Object> keys) {
            this.store = store;
            this.keys = keys;
        }

        @Override
        public byte[] encode(Object key) {
            check(key);
            return keys.encode(key);
        }

        @Override
        public byte[] encode(Object key, int freeBefore, int freeBehind) {
            check(key);
            return keys.encode(key, freeBefore, freeBehind);
        }

        private void check(Object key) {
            Object inner = key;
            int windows = 0;
            while (inner instanceof Windowed<?> windowed) {
                inner = windowed.key();
                windows++;
            }
            if (inner.getClass() != last || windows != lastWindows) {
                admit(store, key);
                last = inner.getClass();
                lastWindows = windows;
            }
        }

        @Override
        public Object decode(byte[] bytes) {
            return keys.decode(bytes);
        }
    }
}
