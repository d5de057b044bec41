package io.millrace.streams.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands each record to several receivers, in their order in the topology. */
final class FanOut implements Receiver {

    private static final Receiver NOWHERE = (key, value, timestampMs, context) -> {};

    private final Receiver[] receivers;

    private FanOut(List<Receiver> receivers) {
        this.receivers = receivers.toArray(Receiver[]::new);
    }

    /** The cheapest receiver that reaches all of these. */
    static Receiver of(List<Receiver> receivers) {
        return switch (receivers.size()) {
            case 0 -> NOWHERE;
            case 1 -> receivers.get(0);
            default -> new FanOut(receivers);
        };
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        for (Receiver receiver : receivers) {
            receiver.accept(key, value, timestampMs, context);
        }
    }
}
