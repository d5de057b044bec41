/** A range of versions as schemas write it: {@code 3}, {@code 1-4}, {@code 2+}, {@code none}. */
record Versions(int lowest, int highest) {
    static final int NO_LIMIT = Short.MAX_VALUE;
    static final Versions NONE = new Versions(0, -1);

    static Versions of(Object text) {
        if (text == null || text.equals("none")) {
            return NONE;
        }
        String range = text.toString();
        if (range.endsWith("+")) {
            return new Versions(Integer.parseInt(range.substring(0, range.length() - 1)), NO_LIMIT);
        }
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        return new Versions(first, dash < 0 ? first : Integer.parseInt(range.substring(dash + 1)));
    }

    boolean isNone() {
        return highest < lowest;
    }

    Versions within(Versions other) {
        Versions common = new Versions(Math.max(lowest, other.lowest), Math.min(highest, other.highest));
        return common.isNone() ? NONE : common;
    }

    /** The condition that {@code version}, known to be within the outer range, is in this one. */
    String condition(Versions outer) {
        Versions inner = within(outer);
        if (inner.isNone()) {
            return "false";
        }
        String from = inner.lowest > outer.lowest ? "version >= " + inner.lowest : "";
        String to = inner.highest < outer.highest ? "version <= " + inner.highest : "";
        return from.isEmpty() && to.isEmpty() ? "true" : from + (from.isEmpty() || to.isEmpty() ? "" : " && ") + to;
    }

    /** The opposite of a condition from {@link #condition}. */
    static String negated(String condition) {
        if (condition.equals("false")) {
            return "true";
        }
        return condition.contains("&&")
                ? "!(" + condition + ")"
                : condition.contains(">=") ? condition.replace(">=", "<") : condition.replace("<=", ">");
    }
}
