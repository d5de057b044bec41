package io.millrace.benchmarks;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.net.Listener;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A Millrace node that serves Kafka clients, in a process of its own, until its standard input ends. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /** Arguments: a directory, durability (os or disk). Prints {@code ready} and its port. */
    public static void main(String[] args) throws Exception {
        NodeConfig config = NodeConfig.DEFAULT.withTopicDefault("durability", args[1]);
        try (LogNode log = LogNode.open(Path.of(args[0]), config, SystemClock.INSTANCE)
                        .start((agent, fault) -> fault.printStackTrace());
                Listener listener = Listener.open(
                        log, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BrokerConfig.DEFAULT)) {
            System.out.println("ready " + listener.endpoint().port());
            while (System.in.read() >= 0) {
                // until the parent ends it
            }
        }
        System.exit(0);
    }
}
