package io.millrace.samples.flights;

import java.io.PrintStream;
import java.util.List;

/** Where the demo shows its progress: a block that is redrawn on a terminal, a line now and then elsewhere. One thread. */
final class DemoScreen {

    /** Set by the launcher, as Java cannot tell in every version. */
    static final String TERMINAL_PROPERTY = "millrace.terminal";

    private static final long REDRAW_MS = 200;
    private static final long LINE_MS = 2_000;
    private static final String UP_AND_CLEAR = "\033[1A\033[2K";

    private final PrintStream out;
    private final boolean terminal;
    private int linesDrawn;

    DemoScreen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** How long to wait between two showings, ms. */
    long intervalMs() {
        return terminal ? REDRAW_MS : LINE_MS;
    }

    void show(DemoProgress progress) {
        if (terminal) {
            out.print(UP_AND_CLEAR.repeat(linesDrawn));
            var block = progress.block();
            block.forEach(out::println);
            linesDrawn = block.size();
        } else {
            out.println(progress.line());
        }
        out.flush();
    }

    /** Goes on below what was shown. */
    void print(List<String> lines) {
        linesDrawn = 0;
        lines.forEach(out::println);
        out.flush();
    }
}
