package io.millrace.node;

import io.millrace.log.DiskSpace;
import io.millrace.log.LogStorage;
import io.millrace.log.StorageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps users' records from taking the last of the disk (S9): refuses them while too little is free, and holds the ballast,
 * which it gives back when the disk is full all the same. Owned by the log agent.
 *
 * <p>Everything else goes on: decisions, markers, positions, metadata, retention, deletion, compaction. It is what makes room.
 */
final class DiskGuard implements Timers {

    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    /** The file system is asked at most this often, however much is appended. */
    static final long CHECK_INTERVAL_MS = 1000;

    /** Set aside in one step, so that appends do not wait for the whole ballast. */
    private static final long STEP_BYTES = 1 << 20;

    /** Records are taken again when a quarter more than the least is free, so that the answer does not flicker. */
    private static final int RESUME_DIVISOR = 4;

    private final LogStorage storage;
    private final DiskLimits limits;
    private final long roundMs;
    private final RetryDelay afterFull = new RetryDelay();
    private long nextRoundMs;
    private long nextCheckMs;

    /** Before, records stay refused whatever the file system says: it may know nothing of a quota. */
    private long refusedUntilMs;

    private long wantedBallast;
    private long ballast;

    /** Why records are refused, if they are; read by any thread. */
    private volatile @Nullable String shortage;

    /** @param roundMs how often the disk is looked at although nobody appends */
    DiskGuard(LogStorage storage, DiskLimits limits, long roundMs) {
        this.storage = storage;
        this.limits = limits;
        this.roundMs = roundMs;
    }

    /** Before anything else in the directory: recovery, too, needs room to write. */
    void prepare() {
        ballast = storage.setAsideBytes();
        DiskSpace disk = storage.space();
        if (disk.usableBytes() < limits.ballastBytes(disk)) {
            giveBallastBack();
        }
    }

    /** Any thread: why records are refused for the moment, if they are. */
    Optional<String> shortage() {
        return Optional.ofNullable(shortage);
    }

    /** Why a user's record cannot be taken now; null if it can. */
    @Nullable
    String refusal(LogOwner log) {
        if (log.nowMs() >= nextCheckMs || log.nowMs() < nextCheckMs - CHECK_INTERVAL_MS) {
            check(log);
        }
        return shortage;
    }

    /** A write found the disk full. */
    void isFull(LogOwner log, String message) {
        giveBallastBack();
        if (shortage == null) {
            refusedUntilMs = log.nowMs() + afterFull.next();
            refuse("the disk of " + storage + " is full (" + message + ")");
        }
    }

    @Override
    public long nextDeadlineMs() {
        return ballast < wantedBallast ? 0 : nextRoundMs;
    }

    @Override
    public int run(LogOwner log) {
        if (ballast < wantedBallast) {
            growBallast();
            return 1;
        }
        if (log.nowMs() < nextRoundMs) {
            return 0;
        }
        nextRoundMs = log.nowMs() + roundMs;
        if (shortage == null) {
            afterFull.reset();
        }
        if (log.failure().isEmpty()) {
            check(log);
        }
        return 1;
    }

    private void check(LogOwner log) {
        nextCheckMs = log.nowMs() + CHECK_INTERVAL_MS;
        DiskSpace disk;
        try {
            disk = storage.space();
        } catch (StorageException e) {
            LOG.warn("nobody knows how much room there is: {}", e.getMessage());
            return;
        }
        if (disk.usableBytes() < limits.ballastBytes(disk)) {
            giveBallastBack();
        }
        // What of the ballast is not set aside is not for users' records either.
        long free = disk.usableBytes() - Math.max(0, limits.ballastBytes(disk) - ballast);
        long floor = limits.floorBytes(disk);
        if (shortage == null && free < floor) {
            refuse(storage + " has " + disk.usableBytes() + " bytes free of " + disk.totalBytes() + ", less than "
                    + floor + " (disk.free.ratio.min=" + limits.freeRatioMin() + ", disk.free.bytes.max="
                    + limits.freeBytesMax() + ")");
        } else if (free >= floor + floor / RESUME_DIVISOR && log.nowMs() >= refusedUntilMs) {
            wantedBallast = limits.ballastBytes(disk);
            takeAgain(log, disk);
        }
    }

    private void takeAgain(LogOwner log, DiskSpace disk) {
        if (shortage != null) {
            LOG.info("records refused -> taken: {} bytes are free", disk.usableBytes());
            shortage = null;
            log.submitRetries();
        }
    }

    private void refuse(String why) {
        LOG.warn("records taken -> refused: {}; free some space", why);
        shortage = "records are refused for want of room: " + why + "; free some space, then they are taken again";
    }

    private void growBallast() {
        try {
            storage.setAside(Math.min(wantedBallast, ballast + STEP_BYTES));
        } catch (StorageException e) {
            LOG.warn("the ballast of {} bytes stays at {}: {}", wantedBallast, ballast, e.getMessage());
            wantedBallast = 0;
        }
        ballast = storage.setAsideBytes();
    }

    private void giveBallastBack() {
        wantedBallast = 0;
        if (ballast > 0) {
            try {
                storage.setAside(0);
                LOG.warn("the disk is full: {} bytes of ballast were given back to the log's own records", ballast);
            } catch (StorageException e) {
                LOG.warn("the ballast could not be given back: {}", e.getMessage());
            }
            ballast = storage.setAsideBytes();
        }
    }
}
