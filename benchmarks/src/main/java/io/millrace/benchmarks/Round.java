package io.millrace.benchmarks;

/**
 * What one round of a workload on one system gave.
 *
 * @param records input records processed (words for J6)
 * @param seconds from the running job to its last commit
 * @param cpuSeconds of all processes of the system, meanwhile
 * @param hash of the final output
 */
record Round(long records, double seconds, double cpuSeconds, long hash) {

    double recordsPerSecond() {
        return records / seconds;
    }

    double cpuSecondsPerMillion() {
        return cpuSeconds / records * 1e6;
    }

    String toLine() {
        return "round " + records + " " + seconds + " " + cpuSeconds + " " + hash;
    }

    static Round ofLine(String line) {
        String[] words = line.split(" ");
        return new Round(
                Long.parseLong(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                Long.parseLong(words[4]));
    }
}
