package io.millrace.log;

import org.jspecify.annotations.Nullable;

/** Gives the files of a segment another suffix, by which a start knows what to do with them (S11). Stateless. */
final class SegmentRenaming {

    private SegmentRenaming() {}

    /** All files, the log file last: it alone says whether there is a segment. */
    static void all(LogStorage storage, Segment segment, String from, String to) {
        indexes(storage, segment, from, to);
        log(storage, segment, from, to);
    }

    /** Everything beside the log file. */
    static void indexes(LogStorage storage, Segment segment, String from, String to) {
        move(storage, segment, segment.offsetIndex().entries().file(), SegmentFiles.OFFSET_INDEX, from, to);
        move(storage, segment, segment.timeIndex().entries().file(), SegmentFiles.TIME_INDEX, from, to);
        move(storage, segment, segment.abortedIndex().file(), SegmentFiles.ABORTED_INDEX, from, to);
        String seal = segment.pathOf(SegmentSeal.SUFFIX);
        if (storage.exists(seal + from)) {
            storage.move(seal + from, seal + to);
        }
    }

    static void log(LogStorage storage, Segment segment, String from, String to) {
        move(storage, segment, segment.file(), SegmentFiles.LOG, from, to);
    }

    /** A file that has its new name already, from an attempt that failed half-way, keeps it. */
    private static void move(
            LogStorage storage, Segment segment, @Nullable LogFile file, String kind, String from, String to) {
        if (file != null && storage.exists(segment.pathOf(kind + from))) {
            file.moveTo(segment.pathOf(kind + to));
        }
    }
}
