package io.millrace.log;

import java.nio.channels.FileChannel;

/**
 * The channel of a file, lent: it stays open until it is given back, even if the file is deleted meanwhile. Only to be read
 * from, at given positions. Any thread.
 */
public interface FileLease {

    FileChannel channel();

    /** Exactly once. */
    void giveBack();
}
