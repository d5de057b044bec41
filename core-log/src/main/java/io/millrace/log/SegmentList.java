package io.millrace.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments of one log in ascending order; the last one is active. Owned by the log's thread.
 *
 * <p>A new segment's name is made durable, together with the data, by the next sync: the ledger hears of both, and nothing in
 * the segment is acknowledged before that sync (S5).
 */
final class SegmentList {

    private final LogStorage storage;
    private final String directory;
    private final SyncLedger ledger;
    private final List<Segment> segments = new ArrayList<>();

    /** Complete, and without a seal until they are synced. */
    private final List<Segment> unsealed = new ArrayList<>();

    private Segment[] published = {};

    SegmentList(LogStorage storage, String directory, SyncLedger ledger) {
        this.storage = storage;
        this.directory = directory;
        this.ledger = ledger;
    }

    /** Takes a segment that is complete on disk. */
    void addExisting(Segment segment) {
        segments.add(segment);
        publish();
    }

    /** Starts the log, or goes on in a new file. */
    Segment roll(long baseOffset, long nowMs) {
        if (!segments.isEmpty()) {
            ledger.syncNames(directory);
        }
        Segment created = Segment.create(storage, directory, baseOffset, "", nowMs);
        if (!segments.isEmpty()) {
            completeFor(created);
        }
        ledger.wrote(created.file());
        ledger.changed(directory);
        segments.add(created);
        publish();
        return created;
    }

    /** Completes the active segment; if that fails, the new one must not lie around: the old one may go on beyond its base. */
    private void completeFor(Segment created) {
        Segment full = active();
        try {
            full.complete();
        } catch (StorageException e) {
            created.close();
            SegmentTrash.deleteNow(storage, directory, created.baseOffset(), "");
            throw e;
        }
        List<LogFile> files = new ArrayList<>();
        full.addFilesTo(files, true);
        files.forEach(ledger::wrote);
        unsealed.add(full);
    }

    /**
     * Seals the complete segments that are durable: a seal proves to recovery that everything up to its segment's end was
     * synced, so it must not be on the disk before that. One that finds no space is written after a later sync.
     */
    void sealFlushed() {
        if (ledger.failure() != null) {
            return;
        }
        unsealed.retainAll(segments);
        try {
            while (!unsealed.isEmpty() && unsealed.get(0).nextOffset() <= ledger.flushedEnd()) {
                ledger.wrote(unsealed.get(0).writeSeal(""));
                unsealed.remove(0);
            }
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NO_SPACE) {
                ledger.fail(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Files were made beside the segments: the coming sync makes their names durable. */
    void namesChanged() {
        ledger.changed(directory);
    }

    Segment active() {
        return segments.get(segments.size() - 1);
    }

    int count() {
        return segments.size();
    }

    List<Segment> all() {
        return List.copyOf(segments);
    }

    /** The same array until the list changes; callers do not change it. */
    Segment[] array() {
        return published;
    }

    /** Takes the oldest segment out of the list. */
    void removeOldest() {
        segments.remove(0);
        publish();
    }

    /** Takes out the segments that begin at {@code offset} or beyond; the first one stays in any case. */
    List<Segment> removeFrom(long offset) {
        List<Segment> removed = new ArrayList<>();
        while (segments.size() > 1 && active().baseOffset() >= offset) {
            removed.add(segments.remove(segments.size() - 1));
        }
        publish();
        return removed;
    }

    /** Takes out all segments. */
    List<Segment> removeAll() {
        List<Segment> removed = List.copyOf(segments);
        segments.clear();
        publish();
        return removed;
    }

    /** Puts one segment where some were. */
    void replace(List<Segment> old, Segment replacement) {
        int at = segments.indexOf(old.get(0));
        segments.removeAll(old);
        segments.add(at, replacement);
        publish();
    }

    private void publish() {
        published = segments.toArray(new Segment[0]);
    }
}
