package io.millrace.streams;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A supplier of processors with more stores than it names itself. */
record SupplierWithStores(ProcessorSupplier<Object, Object, Object, Object> supplier, List<String> more)
        implements ProcessorSupplier<Object, Object, Object, Object> {

    @Override
    public Processor<Object, Object, Object, Object> create() {
        return Erased.processor(supplier.create());
    }

    @Override
    public List<String> stores() {
        Set<String> all = new LinkedHashSet<>(supplier.stores());
        all.addAll(more);
        return List.copyOf(all);
    }
}
