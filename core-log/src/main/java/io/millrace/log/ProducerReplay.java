package io.millrace.log;

import java.util.List;

/** Brings producer states forward by the batches of the log. Stateless. */
final class ProducerReplay {

    private ProducerReplay() {}

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
