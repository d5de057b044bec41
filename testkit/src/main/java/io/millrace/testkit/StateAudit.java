package io.millrace.testkit;

import io.millrace.store.ValueCodec;
import io.millrace.streams.Topology;
import io.millrace.streams.runtime.KeyClasses;
import io.millrace.streams.runtime.StateCodecs;
import io.millrace.streams.runtime.StateTypes;
import io.millrace.streams.topology.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Knows the bytes of every object that went into state or came out of it, and finds those that have been changed since.
 *
 * <p>An operator hands user code a copy where it may change something, and such a copy has never been encoded; so whatever has
 * been encoded or decoded must keep its bytes for ever. What a user's function is given is looked at right after the call,
 * which names the operator; everything else at the end. Objects of immutable types are not remembered.
 */
final class StateAudit {

    /** Objects remembered at most; beyond it all are forgotten, which only weakens the check. */
    private static final int REMEMBERED_MAX = 100_000;

    private static final class Known {
        final byte[] bytes;
        final ValueCodec<Object> codec;
        String seenBy = "no operator";

        Known(byte[] bytes, ValueCodec<Object> codec) {
            this.bytes = bytes;
            this.codec = codec;
        }

        boolean isAsItWas(Object value) {
            return Arrays.equals(bytes, codec.encode(value));
        }
    }

    private final IdentityHashMap<Object, Known> known = new IdentityHashMap<>();
    private final Map<Class<?>, Boolean> immutable = new HashMap<>();
    private @Nullable MutatedStateError found;
    private @Nullable StateTypes types;

    /** The same topology, with every function of a user looked after. */
    Topology watch(Topology topology) {
        return topology.withNodes(node -> new Node(
                node.id(),
                node.inputs(),
                new WatchedOperations(node.id(), this).watch(node.operation()),
                node.errorPolicy(),
                node.lateTo()));
    }

    /** Codecs for the types of the newest attempt. */
    StateCodecs codecs() {
        return Objects.requireNonNull(types, "no job has been started").newCodecs();
    }

    /** The same types, whose codecs tell what goes through them. */
    StateTypes watch(StateTypes ofAttempt) {
        types = ofAttempt;
        return new StateTypes() {
            @Override
            public void install(byte[] description) {
                ofAttempt.install(description);
            }

            @Override
            public List<NewType> takeNew() {
                return ofAttempt.takeNew();
            }

            @Override
            public KeyClasses keyClasses() {
                return ofAttempt.keyClasses();
            }

            @Override
            public StateCodecs newCodecs() {
                StateCodecs codecs = ofAttempt.newCodecs();
                return new StateCodecs(codecs.keys(), new WatchedCodec(codecs.values(), StateAudit.this));
            }
        };
    }

    void remember(Object value, byte[] bytes, ValueCodec<Object> codec) {
        if (immutable.computeIfAbsent(value.getClass(), type -> codec.copy(value) == value)) {
            return;
        }
        if (known.size() >= REMEMBERED_MAX) {
            known.clear();
        }
        known.put(value, new Known(bytes, codec));
    }

    boolean isRemembered(Object value) {
        return known.containsKey(value);
    }

    /** An operator's function has had this object. */
    void handedOut(String operator, @Nullable Object value) {
        Known before = value == null ? null : known.get(value);
        if (value != null && before != null) {
            before.seenBy = operator;
            if (!before.isAsItWas(value)) {
                fail("operator " + operator + " changed an object that belongs to state: it is now " + value
                        + ". Copy it before changing it.");
            }
        }
    }

    /** Looks at every object there is; {@code suspect} is blamed, null for whoever had the object last. */
    void checkAll(@Nullable String suspect) {
        known.forEach((value, before) -> {
            if (!before.isAsItWas(value)) {
                fail("an object that belongs to state was changed: it is now " + value + ". It was last handed to "
                        + (suspect == null ? before.seenBy : suspect)
                        + ". Functions must not keep and change what they are given.");
            }
        });
    }

    /** Throws what was found, also if the job took it for a failure of its own. */
    void check() {
        MutatedStateError error = found;
        if (error != null) {
            throw error;
        }
    }

    private void fail(String message) {
        MutatedStateError error = new MutatedStateError(message);
        if (found == null) {
            found = error;
        }
        throw error;
    }
}
