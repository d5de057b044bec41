package io.millrace.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how large a regular expression becomes when it is compiled, without compiling it: the library bounds neither how deep it
 * calls itself for what is nested, nor how often repetitions like {@code x{1000}} copy what they repeat.
 *
 * @param depth of nested groups
 * @param weight characters, classes and other single things, each counted as often as repetitions around it copy it
 */
record RegexSize(int depth, long weight) {

    /** Beyond this nothing is added: it is too much in any case. */
    private static final long WEIGHT_MAX = Integer.MAX_VALUE;

    static RegexSize of(String regex) {
        return new Scan(regex).run();
    }

    /** One pass over the characters. What is no expression at all is measured too; it is refused by whoever compiles it. */
    private static final class Scan {
        private final String regex;
        private final Deque<Long> outer = new ArrayDeque<>();
        private int at;
        private int depth;
        private long weight;

        /** What a repetition that comes next would copy; a part of the weight. */
        private long last;

        private Scan(String regex) {
            this.regex = regex;
        }

        private RegexSize run() {
            while (at < regex.length()) {
                step(regex.charAt(at));
            }
            while (!outer.isEmpty()) {
                weight = capped(weight + outer.pop());
            }
            return new RegexSize(depth, weight);
        }

        private void step(char c) {
            switch (c) {
                case '\\' -> escape();
                case '[' -> atom(endOfClass());
                case '(' -> open();
                case ')' -> close();
                case '{' -> repeat();
                case '*', '+', '?' -> at++; // copies at most once what is before it
                default -> atom(at + 1);
            }
        }

        private void atom(int end) {
            last = 1;
            weight = capped(weight + 1);
            at = end;
        }

        private void escape() {
            if (regex.startsWith("\\Q", at)) {
                int end = regex.indexOf("\\E", at + 2);
                int textEnd = end < 0 ? regex.length() : end;
                weight = capped(weight + Math.max(0, textEnd - at - 2));
                last = 1;
                at = end < 0 ? textEnd : end + 2;
            } else if (regex.startsWith("\\p{", at) || regex.startsWith("\\P{", at) || regex.startsWith("\\x{", at)) {
                int end = regex.indexOf('}', at);
                atom(end < 0 ? regex.length() : end + 1);
            } else {
                atom(Math.min(at + 2, regex.length()));
            }
        }

        /** A bracket that comes first is a character of the class. */
        private int endOfClass() {
            int i = at + 1;
            if (i < regex.length() && regex.charAt(i) == '^') {
                i++;
            }
            for (boolean isFirst = true; i < regex.length(); isFirst = false) {
                char c = regex.charAt(i);
                if (c == ']' && !isFirst) {
                    return i + 1;
                }
                int named = c == '[' && regex.startsWith("[:", i) ? regex.indexOf(":]", i + 2) : -1;
                i = named >= 0 ? named + 2 : i + (c == '\\' ? 2 : 1);
            }
            return regex.length();
        }

        private void open() {
            outer.push(weight);
            depth = Math.max(depth, outer.size());
            weight = 1;
            last = 0;
            at++;
        }

        private void close() {
            last = weight;
            weight = capped(weight + (outer.isEmpty() ? 0 : outer.pop()));
            at++;
        }

        /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else stands for its characters. */
        private void repeat() {
            int end = regex.indexOf('}', at);
            long times = end < 0 ? -1 : times(regex.substring(at + 1, end));
            if (times < 0) {
                atom(at + 1);
                return;
            }
            long more = capped(last * Math.max(0, times - 1));
            weight = capped(weight + more);
            last = capped(last + more);
            at = end + 1;
        }

        private static long times(String counts) {
            if (!counts.matches("\\d{1,9}(,\\d{0,9})?")) {
                return -1;
            }
            long most = 0;
            for (String count : counts.split(",")) {
                most = Math.max(most, Long.parseLong(count));
            }
            return most + (counts.endsWith(",") ? 1 : 0);
        }

        private static long capped(long size) {
            return Math.min(WEIGHT_MAX, size);
        }
    }
}
