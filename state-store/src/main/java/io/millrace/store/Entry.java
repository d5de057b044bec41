package io.millrace.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All versions of one key, in one object, so that an access costs one look-up whatever the epoch.
 *
 * <p>A version is a value, {@link #ABSENT}, or null for "not here". What the lane sees is the first of {@link #dirty} (open
 * epoch), {@link #frozen} (epoch being decided) and {@link #committed} that is here. A committed version is <em>pinned</em>
 * while the backing store does not hold it, tombstones too; after that the entry is clean and may be evicted.
 *
 * <pre>
 *            write              freeze              commit                 confirm
 *   clean ---------> dirty ---------------> frozen --------> pinned ----------------> clean --> (evicted)
 *                      |                      |                 ^ (only if it was not committed again meanwhile)
 *                      +---- drop ------------+--> what was committed
 * </pre>
 *
 * Owned by the lane that owns the shard; no field is read by another thread.
 */
class Entry extends Node {

    /** The version of a key that does not exist. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "ABSENT";
        }
    };

    /** A version as its bytes: not decoded yet, or not any more. */
    record Encoded(byte[] bytes) {}

    final EntryHome home;

    @Nullable
    Object dirty;

    @Nullable
    Object frozen;

    @Nullable
    Object committed;

    /** The changelog key, cached while the entry is pinned. */
    private byte @Nullable [] keyBytes;

    /** The commit, counted from 1, whose version is not in the backing store; 0 if there is none. */
    long pinnedCommit;

    /** Whether the backing store can have a version of the key; if not, its removal need not be written. */
    boolean mayBeBelow = true;

    /** Estimated size on the heap. */
    int bytes;

    /** Second chance: set by an access, cleared by the eviction clock. */
    boolean referenced;

    Entry(EntryHome home, Object key, int hash, int bytes) {
        super(key, hash);
        this.home = home;
        this.bytes = bytes;
    }

    /** What the lane sees; null if only the backing store knows. */
    final @Nullable Object current() {
        if (dirty != null) {
            return dirty;
        }
        return frozen != null ? frozen : committedDecoded();
    }

    /** What the lane sees, perhaps not decoded yet; null if only the backing store knows. */
    final @Nullable Object newest() {
        if (dirty != null) {
            return dirty;
        }
        return frozen != null ? frozen : committed;
    }

    /** The committed version, decoded; null if only the backing store knows. */
    final @Nullable Object committedDecoded() {
        if (committed instanceof Encoded encoded) {
            committed = home.identity().decodeValue(encoded.bytes());
        }
        return committed;
    }

    /** The committed version as bytes; null if the key does not exist. */
    final byte @Nullable [] committedBytes() {
        return committed == null || committed == ABSENT ? null : encoded(committed);
    }

    /** The frozen version as bytes, which must be a value. */
    final byte[] frozenBytes() {
        byte[] bytes = encoded(Objects.requireNonNull(frozen));
        if (home.keepsEncoded() && !(frozen instanceof Encoded)) {
            frozen = new Encoded(bytes);
        }
        return bytes;
    }

    private byte[] encoded(Object version) {
        return version instanceof Encoded encoded
                ? encoded.bytes()
                : home.identity().encodeValue(version);
    }

    final byte[] keyBytes() {
        if (keyBytes == null) {
            keyBytes = home.encodeKey(this);
        }
        return keyBytes;
    }

    final void keyBytes(byte @Nullable [] bytes) {
        keyBytes = bytes;
    }

    /** The heap knows that the key does not exist, neither here nor below. */
    final void knownAbsent() {
        committed = ABSENT;
        mayBeBelow = false;
    }

    final boolean isClean() {
        return dirty == null && frozen == null && pinnedCommit == 0;
    }

    /** Whether nothing here is worth keeping: no version of an epoch, nothing to write, and no value. */
    final boolean isVoid() {
        return isClean() && (committed == null || committed == ABSENT);
    }

    /** Whether committing the frozen version changes what the changelog holds. */
    final boolean isFrozenNew() {
        return frozen != ABSENT || committed != ABSENT;
    }
}
