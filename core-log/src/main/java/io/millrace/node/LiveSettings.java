package io.millrace.node;

import io.millrace.coordinator.GroupSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators have set while the node runs, for what asks again each time that it needs it. What is set for the node goes
 * before what all nodes share, and what is set for a group before both.
 */
record LiveSettings(Metadata metadata, int nodeId) implements GroupSettings {

    static final String PRODUCER_EXPIRATION_MS = "producer.id.expiration.ms";

    /** Of the keys of groups those whose default for all groups may change while the node runs. */
    private static final Map<String, String> OF_ALL_GROUPS =
            Map.of(CONSUMER_ASSIGNMENT_INTERVAL_MS, "group.consumer.assignment.interval.ms");

    @Override
    public @Nullable String find(String group, String key) {
        String set = metadata.settings().of(SettingsScope.group(group)).get(key);
        String ofAll = OF_ALL_GROUPS.get(key);
        return set != null || ofAll == null ? set : ofNode(ofAll);
    }

    private @Nullable String ofNode(String key) {
        SettingsImage settings = metadata.settings();
        String set = settings.of(SettingsScope.node(nodeId)).get(key);
        return set == null ? settings.of(SettingsScope.ALL_NODES).get(key) : set;
    }

    /** How long a producer that writes nothing is remembered; it was checked when it was set. */
    long producerExpirationMs(long atStart) {
        String set = ofNode(PRODUCER_EXPIRATION_MS);
        return set == null ? atStart : Long.parseLong(set.trim());
    }
}
