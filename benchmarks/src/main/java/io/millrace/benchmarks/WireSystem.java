package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.KafkaBroker;
import io.millrace.benchmarks.peer.Processes;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Starts {@code kafka}, {@code millrace}, or a variant of it as {@link WireOptions#systems} has it, in an empty directory. */
    static WireSystem start(String system, Path directory, WireOptions options) throws Exception {
        if (system.equals("kafka")) {
            KafkaBroker broker =
                    KafkaBroker.start(directory, options.durability().equals("disk"));
            endWithUs(broker.pid());
            return new WireSystem(system, broker.address(), broker.pid(), broker::close);
        }
        int cut = system.indexOf('=');
        String name = cut < 0 ? system : system.substring(0, cut);
        String before = cut < 0 ? "" : system.substring(cut + 1) + File.pathSeparator;
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options.jvmArgs());
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                before + System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                directory.toString(),
                options.durability()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("ready ")) { // a JVM may have something to say before
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the broker did not start; see above");
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
