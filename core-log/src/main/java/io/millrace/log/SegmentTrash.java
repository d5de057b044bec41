package io.millrace.log;

import java.util.List;

/** Removes the files of segments. Stateless. */
final class SegmentTrash {

    private static final List<String> KINDS = List.of(
            SegmentFiles.LOG,
            SegmentFiles.OFFSET_INDEX,
            SegmentFiles.TIME_INDEX,
            SegmentFiles.ABORTED_INDEX,
            SegmentSeal.SUFFIX);

    private SegmentTrash() {}

    /** The log file goes first: without it the rest means nothing. */
    static void deleteNow(LogStorage storage, String directory, long baseOffset, String suffix) {
        for (String kind : KINDS) {
            storage.delete(SegmentFiles.path(directory, baseOffset, kind + suffix));
        }
    }
}
