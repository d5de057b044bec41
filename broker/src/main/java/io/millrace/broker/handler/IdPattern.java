package io.millrace.broker.handler;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that a client has sent, for whole names. One that looks at the characters of a name far more often than
 * there are some is refused: it would keep an event loop from its other connections.
 */
final class IdPattern {

    /** How often the characters of one name are looked at, at most. */
    static final int LOOKS_MAX = 1_000_000;

    /** Longer expressions are refused. */
    static final int CHARS_MAX = 4_096;

    /** The expression is none, or takes too long. */
    static final class InvalidPatternException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidPatternException(String message) {
            super(message);
        }
    }

    private static final class TooManyLooksException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A name that counts. */
    private static final class CountedName implements CharSequence {
        private final CharSequence name;
        private final int[] looks;

        CountedName(CharSequence name, int[] looks) {
            this.name = name;
            this.looks = looks;
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > LOOKS_MAX) {
                throw new TooManyLooksException();
            }
            return name.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedName(name.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    private final Pattern pattern;

    private IdPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    static IdPattern of(String expression) throws InvalidPatternException {
        if (expression.length() > CHARS_MAX) {
            throw new InvalidPatternException(
                    "the expression has " + expression.length() + " characters, more than " + CHARS_MAX);
        }
        try {
            return new IdPattern(Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw new InvalidPatternException(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw new InvalidPatternException("groups are too deep within groups");
        }
    }

    boolean matches(String name) throws InvalidPatternException {
        try {
            return pattern.matcher(new CountedName(name, new int[1])).matches();
        } catch (TooManyLooksException | StackOverflowError e) {
            throw new InvalidPatternException("the expression takes too long for " + name);
        }
    }
}
