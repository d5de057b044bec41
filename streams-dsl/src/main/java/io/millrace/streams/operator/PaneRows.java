package io.millrace.streams.operator;

import io.millrace.store.WindowStore;
import java.util.ArrayList;
import java.util.List;

/** Keys and rows of one pane, in the order of the store. Reused from pane to pane by its operator. */
final class PaneRows implements WindowStore.WindowVisitor<Object, Stamped> {

    private final List<Object> keys = new ArrayList<>();
    private final List<Stamped> rows = new ArrayList<>();

    @Override
    public boolean visit(Object key, long windowStartMs, Stamped row) {
        keys.add(key);
        rows.add(row);
        return true;
    }

    int size() {
        return keys.size();
    }

    Object key(int index) {
        return keys.get(index);
    }

    Stamped row(int index) {
        return rows.get(index);
    }

    void clear() {
        keys.clear();
        rows.clear();
    }
}
