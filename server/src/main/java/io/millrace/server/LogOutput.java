package io.millrace.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Objects;
import org.slf4j.Logger;

/**
 * Where what happens beside the answers goes: to standard error, as the environment variable {@code MILLRACE_LOG_LEVEL} says,
 * {@code info} if it says nothing. In Java, since reading the same from XML takes a fifth of a node's start. Who names a file of
 * their own with {@code logback.configurationFile} gets that instead. Made by Logback.
 */
public final class LogOutput extends ContextAwareBase implements Configurator {

    private static final String OWN_FILE = "logback.configurationFile";
    private static final String LEVEL = "MILLRACE_LOG_LEVEL";
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n";

    /** For the loader. */
    public LogOutput() {}

    @Override
    public ExecutionStatus configure(LoggerContext logging) {
        if (System.getProperty(OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logging);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> output = new ConsoleAppender<>();
        output.setContext(logging);
        output.setName("stderr");
        output.setTarget("System.err");
        output.setEncoder(encoder);
        output.start();
        var root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(Objects.requireNonNullElse(System.getenv(LEVEL), "info"), Level.INFO));
        root.addAppender(output);
        logging.getLogger("io.netty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
