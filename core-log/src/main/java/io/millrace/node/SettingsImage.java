package io.millrace.node;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What clients have set while the node ran, beside the configurations of topics. Immutable, for any thread. */
public final class SettingsImage {

    static final SettingsImage EMPTY = new SettingsImage(new TreeMap<>());

    private final SortedMap<SettingsScope, Map<String, String>> settings;

    private SettingsImage(SortedMap<SettingsScope, Map<String, String>> settings) {
        this.settings = Collections.unmodifiableSortedMap(settings);
    }

    static SettingsImage of(Map<SettingsScope, Map<String, String>> settings) {
        TreeMap<SettingsScope, Map<String, String>> copy = new TreeMap<>();
        settings.forEach((scope, values) -> copy.put(scope, Map.copyOf(values)));
        return new SettingsImage(copy);
    }

    /** The same, where this one has these and no others. */
    SettingsImage with(SettingsScope scope, Map<String, String> values) {
        TreeMap<SettingsScope, Map<String, String>> changed = new TreeMap<>(settings);
        if (values.isEmpty()) {
            changed.remove(scope);
        } else {
            changed.put(scope, Map.copyOf(values));
        }
        return new SettingsImage(changed);
    }

    /** Keys and values that were set; empty if nothing was. */
    public Map<String, String> of(SettingsScope scope) {
        return settings.getOrDefault(scope, Map.of());
    }

    /** Of which names of a kind something was set, in order. */
    public List<String> names(SettingsScope.Kind kind) {
        return settings.keySet().stream()
                .filter(scope -> scope.kind() == kind)
                .map(SettingsScope::name)
                .toList();
    }

    SortedMap<SettingsScope, Map<String, String>> all() {
        return settings;
    }
}
