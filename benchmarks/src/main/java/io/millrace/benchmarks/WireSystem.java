package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.KafkaBroker;
import io.millrace.benchmarks.peer.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A broker in a process of its own that Kafka clients can use: Apache Kafka with the heap of its start script, 1 GB, Millrace
 * with the one that was asked for.
 *
 * @param name for the tables
 * @param address as {@code bootstrap.servers} wants it
 * @param pid of the broker
 * @param end stops it
 */
record WireSystem(String name, String address, long pid, End end) implements AutoCloseable {

    /** Stops a broker. */
    @FunctionalInterface
    interface End {
        void stop() throws IOException;
    }

    /** Starts {@code millrace} or {@code kafka} in an empty directory. */
    static WireSystem start(String name, Path directory, String durability, String heap) throws Exception {
        if (name.equals("kafka")) {
            KafkaBroker broker = KafkaBroker.start(directory, durability.equals("disk"));
            endWithUs(broker.pid());
            return new WireSystem(name, broker.address(), broker.pid(), broker::close);
        }
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms" + heap,
                        "-Xmx" + heap,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        directory.toString(),
                        durability))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new IOException("the broker did not start: " + line);
        }
        String address = "127.0.0.1:" + line.substring("ready ".length());
        return new WireSystem(name, address, process.pid(), () -> {
            process.getOutputStream().close();
            Processes.awaitEnd(process);
        });
    }

    /** Millrace ends by itself when its input does; a broker that does not would outlive a benchmark that ran out of time. */
    private static void endWithUs(long pid) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy), "end-broker-" + pid));
    }

    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    double cpuSeconds() throws IOException {
        return ProcessCpu.secondsOf(pid);
    }

    /** Memory of the broker at this moment, as Linux counts it, in MB. */
    double residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("process " + pid + " does not say how large it is");
    }

    @Override
    public void close() throws IOException {
        end.stop();
    }
}
