package io.millrace.streams.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of the DOT language that we write, by its grammar: a digraph of node, edge and attribute statements and of
 * subgraphs; ids are words or quoted strings.
 *
 * @param nodes ids of all node statements
 * @param edges ids that edges name
 */
record DotGraph(List<String> nodes, List<String> edges) {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[A-Za-z_][A-Za-z_0-9]*|->|[{}\\[\\];=,])", Pattern.DOTALL);

    static DotGraph read(String text) {
        return new Reader(tokens(text)).digraph();
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text.stripTrailing());
        int at = 0;
        while (at < matcher.regionEnd()) {
            matcher.region(at, matcher.regionEnd());
            if (!matcher.lookingAt()) {
                throw new IllegalArgumentException("not DOT at " + text.substring(at));
            }
            tokens.add(matcher.group(1));
            at = matcher.end();
        }
        return tokens;
    }

    private static final class Reader {
        private final List<String> tokens;
        private final List<String> nodes = new ArrayList<>();
        private final List<String> edges = new ArrayList<>();
        private int next;

        Reader(List<String> tokens) {
            this.tokens = tokens;
        }

        DotGraph digraph() {
            expect("digraph");
            id();
            statements();
            if (next != tokens.size()) {
                throw new IllegalArgumentException("more behind the graph: " + tokens.subList(next, tokens.size()));
            }
            return new DotGraph(nodes, edges);
        }

        private void statements() {
            expect("{");
            while (!isNext("}")) {
                statement();
            }
            expect("}");
        }

        private void statement() {
            if (isNext("subgraph")) {
                next++;
                id();
                statements();
                return;
            }
            String first = id();
            if (isNext("=")) {
                next++;
                id();
            } else if (isNext("->")) {
                next++;
                edges.add(first);
                edges.add(id());
            } else {
                nodes.add(first);
                attributes();
            }
            expect(";");
        }

        private void attributes() {
            expect("[");
            do {
                id();
                expect("=");
                id();
            } while (isNext(",") && next++ >= 0);
            expect("]");
        }

        private String id() {
            String token = tokens.get(next++);
            if (!token.startsWith("\"") && !Character.isLetter(token.charAt(0))) {
                throw new IllegalArgumentException("not an id: " + token);
            }
            return token;
        }

        private boolean isNext(String token) {
            return next < tokens.size() && tokens.get(next).equals(token);
        }

        private void expect(String token) {
            if (!isNext(token)) {
                throw new IllegalArgumentException(
                        "expected " + token + " before " + tokens.subList(next, tokens.size()));
            }
            next++;
        }
    }
}
