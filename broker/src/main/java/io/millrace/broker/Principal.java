package io.millrace.broker;

/**
 * Who sends a request, as its listener has found out.
 *
 * @param type {@code User} in all of Kafka's own mechanisms
 * @param name {@code ANONYMOUS} where nobody has to say who they are
 */
public record Principal(String type, String name) {

    public static final Principal ANONYMOUS = new Principal("User", "ANONYMOUS");

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
