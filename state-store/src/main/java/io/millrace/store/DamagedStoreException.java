package io.millrace.store;

/**
 * A checksum in a backing store has failed: nothing it holds can be trusted any more. It is to be set aside and rebuilt from
 * the changelog, which does not change with it.
 */
public final class DamagedStoreException extends StateStoreException {

    private static final long serialVersionUID = 1L;

    public DamagedStoreException(String message) {
        super(message);
    }

    public DamagedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
