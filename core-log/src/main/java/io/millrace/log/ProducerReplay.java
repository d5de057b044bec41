package io.millrace.log;

import java.util.List;
import java.util.Optional;

/** Brings producer states forward by the batches of the log. Stateless. */
final class ProducerReplay {

    private ProducerReplay() {}

    /** Brings the producers to the state after all batches below an offset: from the newest snapshot before it, and the log. */
    static void reload(List<Segment> segments, ProducerStore snapshots, long to, ProducerStates producers) {
        Optional<ProducerStore.Snapshot> snapshot = snapshots.latestUpTo(to);
        producers.load(snapshot.map(ProducerStore.Snapshot::producers).orElse(List.of()));
        run(segments, snapshot.map(ProducerStore.Snapshot::offset).orElse(0L), to, producers);
    }

    /** Applies the batches from an offset up to another; only those of producers are read whole. */
    static void run(List<Segment> segments, long from, long to, ProducerStates producers) {
        for (Segment segment : segments) {
            if (segment.nextOffset() > from && segment.baseOffset() < to) {
                BatchScan scan =
                        new BatchScan(segment.reader(), segment.offsetIndex().positionBefore(from), segment.size());
                while (scan.next() && scan.lastOffset() < to) {
                    if (scan.lastOffset() >= from && scan.producerId() >= 0) {
                        producers.apply(segment.reader().batchAt(scan.position(), scan.size()));
                    }
                }
            }
        }
        producers.written();
    }
}
