package io.millrace.coordinator;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.TopicDescription;
import io.millrace.coordinator.ConsumerRecord.Resolved;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Topics that a regular expression stands for: those whose whole name matches. The dialect is RE2's, in which matching takes
 * time in proportion to the name, whatever the expression (KIP-848). Stateless.
 */
final class RegexTopics {

    /** Longer expressions are refused: one is a key in the log, and is compiled again at each start. */
    static final int CHARS_MAX = 16_384;

    /** Groups within groups: whoever compiles them calls itself for each. */
    static final int DEPTH_MAX = 200;

    /** Characters and classes, each as often as it is repeated. One takes some tens of bytes when it is compiled. */
    static final int WEIGHT_MAX = 20_000;

    private static final int SHOWN_CHARS_MAX = 40;

    private RegexTopics() {}

    /** @throws LogException INVALID_REGULAR_EXPRESSION */
    static Pattern compile(String regex) {
        requireSmall(regex);
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw invalid(regex, e.getDescription());
        } catch (RuntimeException | StackOverflowError e) {
            throw invalid(regex, "it is too complicated");
        }
    }

    private static void requireSmall(String regex) {
        if (regex.length() > CHARS_MAX) {
            throw invalid(regex, "it has " + regex.length() + " characters, more than " + CHARS_MAX);
        }
        RegexSize size = RegexSize.of(regex);
        if (size.depth() > DEPTH_MAX) {
            throw invalid(regex, "it has groups within groups, " + size.depth() + " deep, more than " + DEPTH_MAX);
        }
        if (size.weight() > WEIGHT_MAX) {
            throw invalid(
                    regex,
                    "its repetitions make it as large as " + size.weight() + " characters, more than " + WEIGHT_MAX);
        }
    }

    private static LogException invalid(String regex, String why) {
        String shown = regex.length() <= SHOWN_CHARS_MAX ? regex : regex.substring(0, SHOWN_CHARS_MAX) + "...";
        return new LogException(
                ErrorCode.INVALID_REGULAR_EXPRESSION,
                "SubscribedTopicRegex `" + shown + "` is not a valid regular expression: " + why + ".");
    }

    /** All topics that match, and that the member may know of. */
    static Resolved resolve(Pattern regex, TopicView topics, Predicate<String> mayRead, long nowMs) {
        return resolve(regex, topics, null, null, mayRead, nowMs);
    }

    /**
     * The same, if it is known which topics matched some time ago: names that were there are not matched again.
     *
     * @param before what matched; null if that is not known
     * @param then the topics at that time; null if that is not known
     */
    static Resolved resolve(
            Pattern regex,
            TopicView now,
            @Nullable Resolved before,
            @Nullable TopicView then,
            Predicate<String> mayRead,
            long nowMs) {
        SortedSet<String> matching = new TreeSet<>();
        for (TopicDescription topic : now.all()) {
            String name = topic.name();
            boolean matches = before != null && then != null && then.named(name) != null
                    ? before.topics().contains(name)
                    : regex.matches(name) && mayRead.test(name);
            if (matches) {
                matching.add(name);
            }
        }
        return new Resolved(matching, 0, nowMs);
    }
}
