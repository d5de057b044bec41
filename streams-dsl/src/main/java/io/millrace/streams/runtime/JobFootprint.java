package io.millrace.streams.runtime;

import java.util.List;

/** What a job leaves in a log beside what its topology names: for tools that look at a job from outside. */
public final class JobFootprint {

    private JobFootprint() {}

    /** The topic whose committed content is the job's state; a partition is a shard. */
    public static String changelog(String job) {
        return Prepared.changelogOf(job);
    }

    /** The topics that hold the job's state, and what is needed to read it. A job whose topics are gone begins without state. */
    public static List<String> topics(String job) {
        return List.of(Catalog.topicOf(job), changelog(job));
    }
}
