package io.millrace.node;

import io.millrace.client.LogException;
import java.util.Map;

/** Makes the settings of somebody from those that were. Pure and quick: it is run by the log agent, between all other changes. */
@FunctionalInterface
public interface SettingsChange {

    /**
     * The settings after the change.
     *
     * @param before keys and values that are set; not to be changed
     * @throws LogException to refuse, with the code that a client is to see
     */
    Map<String, String> apply(Map<String, String> before);
}
