package io.millrace.coordinator;

import java.util.Locale;

/** Whether groups change their protocol while members are in them: {@code group.consumer.migration.policy}. */
public enum MigrationPolicy {
    /** Both ways. */
    BIDIRECTIONAL(true, true),
    /** From the classic protocol to the consumer protocol alone. */
    UPGRADE(true, false),
    /** From the consumer protocol to the classic protocol alone. */
    DOWNGRADE(false, true),
    /** Neither, and no classic member joins a group of the consumer protocol. */
    DISABLED(false, false);

    private final boolean upgrades;
    private final boolean downgrades;

    MigrationPolicy(boolean upgrades, boolean downgrades) {
        this.upgrades = upgrades;
        this.downgrades = downgrades;
    }

    /** As Kafka spells it, in any case. */
    public static MigrationPolicy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    boolean upgrades() {
        return upgrades;
    }

    boolean downgrades() {
        return downgrades;
    }
}
