package io.millrace.store;

/** What a {@link NodeTable} holds: something with a key and the hash of that key. */
class Node {

    final Object key;
    final int hash;

    Node(Object key, int hash) {
        this.key = key;
        this.hash = hash;
    }
}
