package io.millrace.store;

/** State that cannot be read, written or trusted; the shard it belongs to must stop. The message says what to do. */
public sealed class StateStoreException extends RuntimeException permits DamagedStoreException {

    private static final long serialVersionUID = 1L;

    public StateStoreException(String message) {
        super(message);
    }

    public StateStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
