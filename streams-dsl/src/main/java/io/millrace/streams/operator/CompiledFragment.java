package io.millrace.streams.operator;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The operators of one fragment in one shard, wired to each other. Owned by the shard's lane. */
public final class CompiledFragment {

    private final Map<String, Receiver> inputs;
    private final Map<String, Receiver> exchangeInputs;
    private final List<StatefulOperator> stateful;

    CompiledFragment(
            Map<String, Receiver> inputs, Map<String, Receiver> exchangeInputs, List<StatefulOperator> stateful) {
        this.inputs = Map.copyOf(inputs);
        this.exchangeInputs = Map.copyOf(exchangeInputs);
        this.stateful = List.copyOf(stateful);
    }

    /**
     * Where the records of a ReadTopic, ReadTable or ReadSource node enter: plain values.
     *
     * @throws NoSuchElementException if the fragment has no such source
     */
    public Receiver input(String sourceNodeId) {
        return existing(inputs, sourceNodeId, "source");
    }

    /**
     * Where the records of an exchange enter; their values are {@link Change}s if the exchange carries them.
     *
     * @throws NoSuchElementException if the exchange does not lead here
     */
    public Receiver exchangeInput(String exchangeId) {
        return existing(exchangeInputs, exchangeId, "exchange");
    }

    /** All operators that the runtime must call at frame boundaries and barriers, upstream first. */
    public List<StatefulOperator> stateful() {
        return stateful;
    }

    private static Receiver existing(Map<String, Receiver> entrances, String id, String what) {
        Receiver entrance = entrances.get(id);
        if (entrance == null) {
            throw new NoSuchElementException("no " + what + " '" + id + "' in this fragment, which has "
                    + entrances.keySet().stream().sorted().toList());
        }
        return entrance;
    }
}
