package io.millrace.broker.net;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Endpoint;
import io.millrace.node.LogNode;
import io.millrace.node.NodeService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Serves an embedded node in Kafka's protocol. Topics belong to the job that embeds the node: a reader's typing error makes
 * none, and no reader deletes the job's changelog. Made by {@link java.util.ServiceLoader}; without state, for any thread.
 */
public final class KafkaService implements NodeService {

    /** For the loader. */
    public KafkaService() {}

    /**
     * What it answers with.
     *
     * @param listener for whoever wants to know what it is asked
     */
    public record ServedListener(Listener listener) implements Served {

        @Override
        public String address() {
            Endpoint told = listener.endpoint();
            return told.host() + ":" + told.port();
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    @Override
    public Served serve(LogNode node, String host, int port) throws IOException {
        BrokerConfig config = BrokerConfig.DEFAULT.withTopicsOfTheOwnerAlone();
        return new ServedListener(
                Listener.open(node, new InetSocketAddress(InetAddress.getByName(host), port), config));
    }
}
