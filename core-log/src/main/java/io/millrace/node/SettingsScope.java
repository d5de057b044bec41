package io.millrace.node;

import java.util.Comparator;

/**
 * Whose settings they are.
 *
 * @param kind what has settings
 * @param name of it; of a node its number in digits, and empty for what all nodes share
 */
public record SettingsScope(Kind kind, String name) implements Comparable<SettingsScope> {

    /** What has settings beside topics. */
    public enum Kind {
        /** A node, or all of them. */
        NODE(0),
        /** A group of consumers. */
        GROUP(1),
        /** What clients are asked to tell of themselves (KIP-714). */
        CLIENT_METRICS(2),
        /** A user, a client id or an address, or several of these, with quotas. */
        QUOTA(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** In the file of metadata. */
        int code() {
            return code;
        }

        /** @throws IllegalArgumentException if there is none, since the file is of a newer version */
        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("settings of kind " + code + " are of a newer version of Millrace");
        }
    }

    private static final Comparator<SettingsScope> ORDER =
            Comparator.comparing(SettingsScope::kind).thenComparing(SettingsScope::name);

    /** What all nodes share. */
    public static final SettingsScope ALL_NODES = new SettingsScope(Kind.NODE, "");

    public static SettingsScope node(int id) {
        return new SettingsScope(Kind.NODE, Integer.toString(id));
    }

    public static SettingsScope group(String group) {
        return new SettingsScope(Kind.GROUP, group);
    }

    @Override
    public int compareTo(SettingsScope other) {
        return ORDER.compare(this, other);
    }
}
