package io.millrace.store;

/** The values of one key of a multimap, in order of time. */
final class KeyRun extends Node {

    final TimedRun values = new TimedRun();

    KeyRun(Object key, int hash) {
        super(key, hash);
    }
}
