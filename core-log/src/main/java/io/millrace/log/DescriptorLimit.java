package io.millrace.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files a process may have open, and how many of them a log may use. A log that has room for all its files never closes
 * one that it will write to again, which costs a sync. Stateless.
 */
public final class DescriptorLimit {

    /** What a log takes of the limit: the rest is for sockets, stores and the class path. */
    private static final int SHARE = 4;

    private static final int CHANNELS_MIN = 64;

    /** Four files for each of some thousands of partitions; a channel takes memory too. */
    private static final int CHANNELS_MAX = 16_000;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+|unlimited) ");

    private DescriptorLimit() {}

    /** The limit that holds for this process, as Linux says it; empty elsewhere. */
    public static OptionalLong ofThisProcess() {
        try {
            return Files.isReadable(LIMITS) ? parse(Files.readString(LIMITS)) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // it is a hint only
        }
    }

    /** The limit in the text of {@code /proc/self/limits}. */
    static OptionalLong parse(String limits) {
        Matcher found = OPEN_FILES.matcher(limits);
        if (!found.find()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(found.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(found.group(1)));
    }

    /** How many channels a log keeps open under this limit. */
    public static int channelsOf(OptionalLong limit) {
        if (limit.isEmpty()) {
            return FileLogStorage.OPEN_CHANNELS_MAX;
        }
        return (int) Math.max(CHANNELS_MIN, Math.min(CHANNELS_MAX, limit.getAsLong() / SHARE));
    }
}
