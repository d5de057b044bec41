package io.millrace.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open stores of a shard, and the store table in which the changelog names them: store id → kind and name. A store is
 * entered in the epoch that first writes to it.
 */
final class StoreRegistry {

    private final List<HeapStore> stores = new ArrayList<>();
    private final Map<Integer, HeapStore> storesById = new HashMap<>();
    private static final Logger LOG = LoggerFactory.getLogger(StoreRegistry.class);

    private final ShardCore core;
    private final StoreTable storeTable;

    /** Stores of the changelog that nobody opened. */
    private final Set<Integer> orphans = new HashSet<>();

    private @Nullable LeftStores left;

    StoreRegistry(ShardCore core) {
        this.core = core;
        storeTable = core.storeTable;
    }

    <K, V, S extends HeapStore> HeapStore open(StoreSpec<K, V> spec, Function<StoreIdentity<K, V>, S> make) {
        StoreIdentity<K, V> identity = new StoreIdentity<>(spec);
        HeapStore existing = storesById.get(identity.id);
        if (existing != null) {
            requireSame(StoreTable.describe(existing.identity().spec), StoreTable.describe(spec));
            return existing;
        }
        String declared = storeTable.description(identity.id);
        if (declared != null) {
            requireSame(declared, StoreTable.describe(spec));
            identity.isDeclared = true;
        }
        S store = make.apply(identity);
        stores.add(store);
        if (store instanceof Eviction.Evictable evictable) {
            core.eviction.add(evictable);
        }
        storesById.put(identity.id, store);
        return store;
    }

    void restore(byte[] changelogKey, byte @Nullable [] value) {
        int id = StoreKeys.storeIdOf(changelogKey);
        if (id == StoreKeys.STORE_TABLE_ID) {
            storeTable.restore(changelogKey, value);
            verifyDeclarations();
            return;
        }
        HeapStore store = storesById.get(id);
        if (store == null && left != null) {
            store = left.find(id, storeTable.description(id));
        }
        if (store != null) {
            store.restore(changelogKey, value);
        } else if (orphans.add(id)) {
            String name = storeTable.description(id);
            LOG.warn("the changelog has state of a store that the job does not open; it is left alone: store={}", name);
        }
    }

    boolean isOpen(int id) {
        return storesById.containsKey(id);
    }

    void leave(LeftStores leaving) {
        left = leaving;
        Map<Integer, String> known = new TreeMap<>();
        storeTable.forEach((id, description) -> {
            known.put(id, description);
            return true;
        });
        known.forEach(leaving::find);
    }

    void deleteLeft() {
        if (left != null) {
            left.delete(storeTable);
            left = null;
        }
    }

    /** Uncommitted versions are gone: what was entered may be too. */
    void rolledBack() {
        for (HeapStore store : stores) {
            store.rolledBack();
            StoreIdentity<?, ?> identity = store.identity();
            identity.isDeclared = storeTable.description(identity.id) != null;
        }
    }

    private void verifyDeclarations() {
        for (HeapStore store : stores) {
            StoreIdentity<?, ?> identity = store.identity();
            String declared = storeTable.description(identity.id);
            if (declared != null) {
                requireSame(declared, StoreTable.describe(identity.spec));
                identity.isDeclared = true;
            }
        }
    }

    private static void requireSame(String declared, String opened) {
        if (!declared.equals(opened)) {
            throw new StateStoreException("The state holds the store '" + declared + "' where the job opens '" + opened
                    + "'. A store's kind cannot change: give the new one another name.");
        }
    }
}
