package io.millrace.streams.runtime;

import java.util.List;

/**
 * The types in one attempt's state: known ones are installed from the catalog, new ones are found by lanes as they encode,
 * and taken by the I/O agent into the epoch that needs them.
 */
public interface StateTypes {

    /** A type that must be written before the state that uses it can be read. */
    record NewType(int number, byte[] description) {}

    /** Takes over what an earlier run wrote; before the first codec is made. */
    void install(byte[] description);

    /** The types found since the last call. Called by the I/O agent. */
    List<NewType> takeNew();

    /** The classes of the keys of each store, written as the types are. */
    KeyClasses keyClasses();

    /** Codecs for one lane. */
    StateCodecs newCodecs();
}
