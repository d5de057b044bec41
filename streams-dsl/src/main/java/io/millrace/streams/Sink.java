package io.millrace.streams;

import io.millrace.streams.topology.Names;

/** An end of a topology, to be named or given an error policy. */
public final class Sink {

    private final Draft draft;

    Sink(Draft draft) {
        this.draft = draft;
    }

    /** The name is the operator's id. */
    public Sink named(String name) {
        draft.name = Names.operator(name);
        return this;
    }

    /** What this end does about errors; the job's policy applies without this. */
    public Sink onError(ErrorPolicy policy) {
        draft.errorPolicy = policy;
        return this;
    }
}
