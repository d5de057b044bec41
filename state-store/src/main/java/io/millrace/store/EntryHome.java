package io.millrace.store;

/** The part of a store that an entry lives in: it knows how the entry becomes bytes, and is told when the entry settles. */
interface EntryHome {

    StoreIdentity<?, ?> identity();

    /** The key in the changelog and in the backing store, as {@link StoreKeys} draws it. */
    byte[] encodeKey(Entry entry);

    /** A version or a pin of the entry is gone: by a rollback, by a commit that changed nothing, or by a confirmed write. */
    void settled(Entry entry);

    /** Whether a version that went to the changelog is held as the bytes that went there, until the backing store has them. */
    boolean keepsEncoded();

    /** Whether the key bytes are needed after the entry was written. */
    boolean keepsKeyBytes();
}
