package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Reads all inputs of the job in turn and sends frames to the lanes. Owned by the I/O agent.
 *
 * <p>It sends while lanes have room and the caller lets it; a full lane holds back its own tasks only.
 */
final class Ingest {

    /** How long after an empty answer an endless foreign source is asked again. */
    static final long FOREIGN_POLL_NS = 20_000_000;

    /** Frames sent in one step at most, so that commits and answers are not kept waiting. */
    private static final int FRAMES_PER_STEP_MAX = 32;

    private final List<TaskFeed> feeds;
    private final List<LanePort> ports;
    private final Map<String, UUID> topicIds;
    private final ProgressNews news;
    private int nextFeed;
    private boolean isDrained;
    private long foreignPollNs = Long.MAX_VALUE;

    /** @param topicIds of the topics that are read, by name */
    Ingest(List<TaskFeed> feeds, List<LanePort> ports, Map<String, UUID> topicIds) {
        this.feeds = List.copyOf(feeds);
        this.ports = List.copyOf(ports);
        this.topicIds = topicIds;
        this.news = new ProgressNews(this.feeds, this.ports);
    }

    /** Sends what is there. Returns how many frames. */
    int step(long nowNs) throws Exception {
        int sent = 0;
        int idleFeeds = 0;
        boolean everyLaneHadRoom = true;
        while (idleFeeds < feeds.size() && sent < FRAMES_PER_STEP_MAX) {
            TaskFeed feed = feeds.get(nextFeed);
            nextFeed = nextFeed + 1 == feeds.size() ? 0 : nextFeed + 1;
            TaskFeed.Sent result = feed.send(ports, nowNs, news);
            if (result == TaskFeed.Sent.FRAME) {
                sent++;
                idleFeeds = 0;
            } else {
                everyLaneHadRoom &= result != TaskFeed.Sent.NO_ROOM;
                idleFeeds++;
            }
        }
        isDrained = everyLaneHadRoom && idleFeeds >= feeds.size();
        foreignPollNs = isDrained && hasEndlessForeign() ? nowNs + FOREIGN_POLL_NS : Long.MAX_VALUE;
        return sent;
    }

    private boolean hasEndlessForeign() {
        for (TaskFeed feed : feeds) {
            for (InputReader input : feed.inputs) {
                if (input instanceof ForeignInput foreign && !foreign.hasEnded()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the last step found nothing more to send although there was room. */
    boolean isDrained() {
        return isDrained;
    }

    /** Records sent to lanes so far. */
    long recordCount() {
        long count = 0;
        for (LanePort port : ports) {
            count += port.recordCount();
        }
        return count;
    }

    /** Offsets behind what has been read of each topic partition. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new TreeMap<>();
        for (TaskFeed feed : feeds) {
            for (InputReader input : feed.inputs) {
                if (input instanceof TopicInput topic) {
                    positions.put(topic.partition(), topic.position());
                }
            }
        }
        return positions;
    }

    PositionsOfEpoch collectPositions() {
        PositionsOfEpoch positions = new PositionsOfEpoch(topicIds);
        for (TaskFeed feed : feeds) {
            for (InputReader input : feed.inputs) {
                input.collectPosition(positions);
            }
        }
        return positions;
    }

    /** Whether every input has been read to its end, as far as is known now. */
    boolean hasReadAll() {
        for (TaskFeed feed : feeds) {
            for (InputReader input : feed.inputs) {
                if (input.hasHead()
                        || input.lag() > 0
                        || (input instanceof ForeignInput foreign && !foreign.hasEnded())) {
                    return false;
                }
            }
        }
        return true;
    }

    List<TaskFeed> feeds() {
        return feeds;
    }

    long nextDeadlineNs() {
        long next = foreignPollNs;
        for (TaskFeed feed : feeds) {
            next = Math.min(next, feed.nextDeadlineNs());
        }
        return next;
    }

    void close() {
        for (TaskFeed feed : feeds) {
            for (InputReader input : feed.inputs) {
                input.close();
            }
        }
    }
}
