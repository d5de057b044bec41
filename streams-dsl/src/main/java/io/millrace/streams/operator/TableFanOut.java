package io.millrace.streams.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands each update of a table to several receivers, in their order in the topology. */
final class TableFanOut implements TableReceiver {

    private static final TableReceiver NOWHERE = (key, oldValue, newValue, timestampMs, context) -> {};

    private final TableReceiver[] receivers;

    private TableFanOut(List<TableReceiver> receivers) {
        this.receivers = receivers.toArray(TableReceiver[]::new);
    }

    /** The cheapest receiver that reaches all of these. */
    static TableReceiver of(List<TableReceiver> receivers) {
        return switch (receivers.size()) {
            case 0 -> NOWHERE;
            case 1 -> receivers.get(0);
            default -> new TableFanOut(receivers);
        };
    }

    @Override
    public void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception {
        for (TableReceiver receiver : receivers) {
            receiver.update(key, oldValue, newValue, timestampMs, context);
        }
    }
}
