package io.millrace.log;

/** How the files of a partition directory are called: as Kafka calls them, the base offset in 20 digits. */
final class SegmentFiles {
    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String ABORTED_INDEX = ".txnindex";
    static final String PRODUCER_SNAPSHOT = ".snapshot";
    /** Appended to a file's name while compaction writes it. */
    static final String CLEANED = ".cleaned";
    /** Appended to a compacted file that is complete and durable, but whose predecessors may still be there. */
    static final String SWAP = ".swap";
    /** Appended to a file that is out of use and will be removed. */
    static final String DELETED = ".deleted";

    private static final int DIGITS = 20;

    private SegmentFiles() {}

    static String name(long baseOffset, String suffix) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    static String path(String directory, long baseOffset, String suffix) {
        return directory + "/" + name(baseOffset, suffix);
    }

    /** Whether the name is 20 digits and this suffix. */
    static boolean matches(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static long baseOffsetOf(String name) {
        return Long.parseLong(name, 0, DIGITS, 10);
    }
}
