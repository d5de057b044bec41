package io.millrace.testkit;

import io.millrace.node.NodeConfig;
import io.millrace.streams.Job;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension: an embedded Millrace on real threads and real files, in a temporary directory of each test's own.
 *
 * <pre>{@code
 * @RegisterExtension
 * final EmbeddedNode node = EmbeddedNode.fresh();
 * }</pre>
 *
 * <p>After the test the node is closed, opened once more to see that its directory is sound, and its directory is deleted. A
 * test that passed fails then if a job had failed, if the node could not write any more, or if records were lost.
 */
public final class EmbeddedNode implements BeforeEachCallback, AfterEachCallback {

    private final NodeConfig config;
    private @Nullable Path directory;
    private @Nullable Millrace millrace;
    private boolean mayFailJobs;

    private EmbeddedNode(NodeConfig config) {
        this.config = config;
    }

    /** With the default configuration: everything is on disk before it is acknowledged. */
    public static EmbeddedNode fresh() {
        return new EmbeddedNode(NodeConfig.DEFAULT);
    }

    public static EmbeddedNode with(NodeConfig config) {
        return new EmbeddedNode(config);
    }

    /** For tests of failures: a failed job does not fail the test. */
    public EmbeddedNode allowingJobsToFail() {
        mayFailJobs = true;
        return this;
    }

    /** What runs in this test. */
    public Millrace millrace() {
        Millrace running = millrace;
        if (running == null) {
            throw new IllegalStateException("the node lives during a test only");
        }
        return running;
    }

    /** Starts a job that is closed after the test. */
    public Job start(Topology topology) {
        return millrace().start(topology);
    }

    public Job start(Topology topology, JobOptions options) {
        return millrace().start(topology, options);
    }

    /** Closes the node and opens it again on the same directory; jobs have to be started again. */
    public Millrace restart() {
        millrace().close();
        Millrace again = Millrace.open(directory(), config);
        millrace = again;
        return again;
    }

    /** The data directory. */
    public Path directory() {
        Path found = directory;
        if (found == null) {
            throw new IllegalStateException("the directory exists during a test only");
        }
        return found;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path fresh = Files.createTempDirectory("millrace-");
        directory = fresh;
        millrace = Millrace.open(fresh, config);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            NodeInvariants before = NodeInvariants.of(millrace());
            String failedJob = failedJob();
            millrace().close();
            if (context.getExecutionException().isEmpty()) {
                if (failedJob != null && !mayFailJobs) {
                    throw new AssertionError(failedJob);
                }
                before.check(directory(), config);
            }
        } finally {
            millrace = null;
            delete(directory());
            directory = null;
        }
    }

    private @Nullable String failedJob() {
        for (Job job : millrace().jobs()) {
            if (job.state() == JobState.FAILED) {
                return "job " + job.name() + " has failed: " + job.metrics().failure();
            }
        }
        return null;
    }

    private static void delete(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the test's directory " + root + " cannot be deleted", e);
        }
    }
}
