package io.millrace.client;

/** The right to be the one member of a group. Ends with {@link #close} or with its client. */
public interface GroupClaim extends AutoCloseable {

    String group();

    @Override
    void close();
}
