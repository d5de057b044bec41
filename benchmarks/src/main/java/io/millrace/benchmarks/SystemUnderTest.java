package io.millrace.benchmarks;

import java.io.IOException;

/** One system with one workload loaded, ready to run the job again and again, each time from the start of the input. */
interface SystemUnderTest extends AutoCloseable {

    /** Runs the job once over the whole input. */
    Round run() throws Exception;

    @Override
    void close() throws IOException;
}
