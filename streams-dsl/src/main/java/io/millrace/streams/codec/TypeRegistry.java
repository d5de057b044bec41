package io.millrace.streams.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The types of a job's state, and the ids that stand for them in stored values. One per job, shared by its lanes; it may be
 * called from any thread, as its state is one immutable snapshot behind an atomic reference.
 *
 * <p>An id is assigned when a lane first encodes a value of a class. Whoever ends an epoch takes the new ones with {@link
 * #drainNew} <em>after</em> the last value of the epoch has been encoded, and writes them in the same epoch; a restart hands
 * what was written to {@link #install}. A class whose components have changed gets a second id, and values under the old one
 * remain readable. A failed epoch leaves ids behind that nobody stored: begin again with a new registry.
 */
public final class TypeRegistry {

    /** Smaller ids are fixed: the JDK's types and Millrace's own. */
    static final int FIRST_ID = 112;

    /** A job with more types has a mistake, such as classes made at run time. */
    static final int TYPES_MAX = 10_000;

    private record Snapshot(List<TypeEntry> entries, int drained) {}

    private final ClassLoader loader;
    private final Set<Class<?>> declared;
    private final boolean open;
    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(new Snapshot(List.of(), 0));

    /**
     * @param loader finds the classes of stored values
     * @param declared classes that are allowed although they are no records, enums or members of sealed hierarchies
     */
    public TypeRegistry(ClassLoader loader, Set<Class<?>> declared) {
        this(loader, declared, true);
    }

    private TypeRegistry(ClassLoader loader, Set<Class<?>> declared, boolean open) {
        this.loader = loader;
        this.declared = Set.copyOf(declared);
        this.open = open;
    }

    /** A registry of these types and no others. */
    static TypeRegistry closed(ClassLoader loader, List<Class<?>> types) {
        TypeRegistry all = new TypeRegistry(loader, Set.copyOf(types));
        types.forEach(type -> all.id(type, false));
        TypeRegistry closed = new TypeRegistry(loader, Set.copyOf(types), false);
        closed.snapshot.set(all.now());
        return closed;
    }

    /** The entries assigned since the last call, in order of id. At most one caller. */
    public List<TypeEntry> drainNew() {
        while (true) {
            Snapshot now = now();
            if (now.drained == now.entries.size()) {
                return List.of();
            }
            if (snapshot.compareAndSet(now, new Snapshot(now.entries, now.entries.size()))) {
                return now.entries.subList(now.drained, now.entries.size());
            }
        }
    }

    /** Takes over what an earlier run wrote, in any order; before the first value is encoded or decoded. */
    public void install(TypeEntry entry) {
        List<TypeEntry> entries = new ArrayList<>(now().entries);
        entries.removeIf(known -> known.id() == entry.id());
        entries.add(entry);
        entries.sort((a, b) -> Integer.compare(a.id(), b.id()));
        snapshot.set(new Snapshot(List.copyOf(entries), entries.size()));
    }

    /** All entries by ascending id. */
    public List<TypeEntry> entries() {
        return now().entries;
    }

    /** The id that stands for a class as it is now; assigns one at first sight. */
    int id(Class<?> type, boolean key) {
        TypeEntry shape = TypeShapes.describe(type, key, declared);
        while (true) {
            Snapshot now = now();
            int next = FIRST_ID;
            for (TypeEntry known : now.entries) {
                if (known.sameShape(shape)) {
                    return known.id();
                }
                checkMayChange(known, shape);
                next = Math.max(next, known.id() + 1);
            }
            checkRoom(shape, next);
            List<TypeEntry> entries = new ArrayList<>(now.entries);
            entries.add(new TypeEntry(next, shape.kind(), key, shape.className(), shape.parts()));
            if (snapshot.compareAndSet(now, new Snapshot(List.copyOf(entries), now.drained))) {
                return next;
            }
        }
    }

    /** @throws TypeException if no such id was assigned */
    TypeEntry entry(int id) {
        for (TypeEntry entry : now().entries) {
            if (entry.id() == id) {
                return entry;
            }
        }
        throw new TypeException(
                "a stored value has the type id " + id + ", which this job never assigned. The state belongs to"
                        + " another job or its types were not restored; reset the job, or give it its own data directory");
    }

    /** Whether a class is still as an entry describes it. */
    boolean hasShape(Class<?> type, TypeEntry entry) {
        return TypeShapes.describe(type, entry.key(), declared).sameShape(entry);
    }

    /** The class of an entry, null if it is gone. */
    @Nullable
    Class<?> find(TypeEntry entry) {
        try {
            return Class.forName(entry.className(), true, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** The class of an entry for keys, in the shape it was stored in. */
    Class<?> keyClass(TypeEntry entry) {
        Class<?> type = find(entry);
        if (type == null) {
            throw new TypeException("a key in state contains the class " + entry.className()
                    + ", which is not on the class path. Bring it back, or reset the job");
        }
        if (!hasShape(type, entry)) {
            checkMayChange(entry, TypeShapes.describe(type, entry.key(), declared));
        }
        return type;
    }

    private static void checkMayChange(TypeEntry known, TypeEntry shape) {
        if (!known.className().equals(shape.className()) || known.key() != shape.key()) {
            return;
        }
        if (shape.key()) {
            throw new TypeException(
                    "the class " + shape.className() + " is part of keys in state and has changed from " + known.parts()
                            + " to " + shape.parts() + ". Keys must not change: use a new class, or reset the job");
        }
        if (shape.kind() != known.kind() || shape.kind() == TypeEntry.Kind.CLASS) {
            throw new TypeException("the class " + shape.className() + " has changed from " + known.kind() + " "
                    + known.parts() + " to " + shape.kind() + " " + shape.parts()
                    + ", and only records and enums may gain or lose parts. Use a new class, or reset the job");
        }
    }

    private Snapshot now() {
        return Objects.requireNonNull(snapshot.get());
    }

    private void checkRoom(TypeEntry shape, int next) {
        if (!open) {
            throw new TypeException("the class " + shape.className()
                    + " is not among those the kryo codec was made for; name it as a further class");
        }
        if (next >= FIRST_ID + TYPES_MAX) {
            throw new TypeException("the class " + shape.className() + " would be type number " + TYPES_MAX
                    + " of the job; does it make classes at run time?");
        }
    }
}
