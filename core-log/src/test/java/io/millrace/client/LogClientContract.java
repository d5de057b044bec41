package io.millrace.client;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link LogClient} promises. An implementation extends this class and says how a log is
 * started; nothing in the suite knows where the log runs.
 */
@Timeout(60)
public abstract class LogClientContract
        implements TopicPromises, AppendPromises, TransactionPromises, GroupPromises, RetentionPromises {

    private LogFixture fixture;

    /** Starts an empty log. */
    protected abstract LogFixture openLog() throws Exception;

    @Override
    public LogFixture log() {
        return fixture;
    }

    @BeforeEach
    void open() throws Exception {
        fixture = openLog();
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }
}
