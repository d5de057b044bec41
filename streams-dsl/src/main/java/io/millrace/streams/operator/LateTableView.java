package io.millrace.streams.operator;

import io.millrace.kernel.Invariant;
import org.jspecify.annotations.Nullable;

/** A table that is looked up by operators built before it: the compiler builds from the sinks up. Set once. */
final class LateTableView implements TableView {

    private @Nullable TableView table;

    void set(TableView view) {
        table = view;
    }

    @Override
    public @Nullable Stamped row(Object key, RecordContext context) throws Exception {
        TableView view = table;
        Invariant.check(view != null, "a table that is looked up has been built");
        return view == null ? null : view.row(key, context);
    }
}
