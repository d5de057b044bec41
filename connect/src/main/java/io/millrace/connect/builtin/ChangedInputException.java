package io.millrace.connect.builtin;

import java.io.IOException;
import java.util.List;

/** The files of a split are not those that the job has read before: its message names both, and what to do. */
public final class ChangedInputException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String readBefore;

    ChangedInputException(String split, String readBefore, List<String> found) {
        super("The split " + split + " was read in or to the end of " + readBefore + ", but its files are now " + found
                + ": put the files back, or reset the job.");
        this.readBefore = readBefore;
    }

    /** The name of the file in which the job stood, or at whose end. */
    public String readBefore() {
        return readBefore;
    }
}
