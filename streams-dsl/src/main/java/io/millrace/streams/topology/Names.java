package io.millrace.streams.topology;

import java.util.regex.Pattern;

/** Which names topics, jobs and operators may have. */
public final class Names {

    /** Kafka's bound for topic names. */
    public static final int TOPIC_LENGTH_MAX = 249;

    /** A job's name becomes part of topic names, so it leaves room for endings. */
    public static final int JOB_LENGTH_MAX = 200;

    /** An operator's name becomes part of each key of its state in the changelog. */
    public static final int OPERATOR_LENGTH_MAX = 100;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

    private Names() {}

    public static String topic(String name) {
        return legal("topic", name, TOPIC_LENGTH_MAX);
    }

    public static String job(String name) {
        return legal("job", name, JOB_LENGTH_MAX);
    }

    public static String operator(String name) {
        return legal("operator", name, OPERATOR_LENGTH_MAX);
    }

    private static String legal(String what, String name, int lengthMax) {
        if (name.length() > lengthMax || !LEGAL.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("not a name for a " + what + ": '" + name + "'. Use 1 to " + lengthMax
                    + " letters, digits, dots, underscores and hyphens, but not . or ..");
        }
        return name;
    }
}
