package io.millrace.server.command;

import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult;
import io.millrace.broker.message.IncrementalAlterConfigsRequest;
import io.millrace.broker.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.millrace.broker.message.IncrementalAlterConfigsRequest.AlterConfigsResource.AlterableConfig;
import io.millrace.broker.message.IncrementalAlterConfigsResponse;
import io.millrace.record.wire.Message;
import io.millrace.record.wire.RequestKind;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configurations of one thing. */
final class ConfigsOf {

    /** Kafka's {@code ConfigResource.Type}. */
    enum Kind {
        TOPIC(2),
        BROKER(4),
        GROUP(32);

        private final byte id;

        Kind(int id) {
            this.id = (byte) id;
        }
    }

    private static final byte SET = 0;
    private static final byte DELETE = 1;

    /** Kafka's {@code DescribeConfigsResponse.ConfigSource}, in its order. */
    private static final List<String> SOURCES = List.of(
            "unknown", "topic", "broker", "cluster", "file", "default", "broker-logger", "client-metrics", "group");

    private static final int DEFAULT = SOURCES.indexOf("default");

    private final ClusterClient cluster;
    private final Kind kind;
    private final String name;

    ConfigsOf(ClusterClient cluster, Kind kind, String name) {
        this.cluster = cluster;
        this.kind = kind;
        this.name = name;
    }

    /** Every configuration, by name. */
    List<DescribeConfigsResourceResult> all() {
        DescribeConfigsRequest request = new DescribeConfigsRequest();
        request.resources()
                .add(new DescribeConfigsResource()
                        .resourceType(kind.id)
                        .resourceName(name)
                        .configurationKeys(null));
        DescribeConfigsResponse response = ask(DescribeConfigsRequest.KIND, request, DescribeConfigsResponse::read);
        List<DescribeConfigsResourceResult> all = new ArrayList<>();
        response.results().forEach(one -> {
            ClientException.check(what(), one.errorCode(), one.errorMessage());
            all.addAll(one.configs());
        });
        all.sort(Comparator.comparing(DescribeConfigsResourceResult::name));
        return all;
    }

    private String what() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + name;
    }

    /** What was set for this thing itself. */
    Map<String, String> own() {
        byte own = (byte)
                switch (kind) {
                    case TOPIC -> SOURCES.indexOf("topic");
                    case BROKER -> SOURCES.indexOf("broker");
                    case GROUP -> SOURCES.indexOf("group");
                };
        Map<String, String> found = new TreeMap<>();
        all().stream()
                .filter(one -> one.configSource() == own)
                .forEach(one -> found.put(one.name(), String.valueOf(one.value())));
        return found;
    }

    static String source(DescribeConfigsResourceResult config) {
        int source = config.configSource();
        return source >= 0 && source < SOURCES.size() ? SOURCES.get(source) : "unknown";
    }

    static boolean isDefault(DescribeConfigsResourceResult config) {
        return config.configSource() == DEFAULT;
    }

    /** Sets some and puts others back to their defaults, all or none. */
    void alter(Map<String, String> set, List<String> deleted, boolean validateOnly) {
        AlterConfigsResource resource =
                new AlterConfigsResource().resourceType(kind.id).resourceName(name);
        set.forEach((key, value) -> resource.configs()
                .add(new AlterableConfig().name(key).configOperation(SET).value(value)));
        deleted.forEach(key -> resource.configs()
                .add(new AlterableConfig().name(key).configOperation(DELETE).value(null)));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest().validateOnly(validateOnly);
        request.resources().add(resource);
        ask(IncrementalAlterConfigsRequest.KIND, request, IncrementalAlterConfigsResponse::read)
                .responses()
                .forEach(one -> ClientException.check(what(), one.errorCode(), one.errorMessage()));
    }

    /** A node knows its own configurations; everything else any node knows. */
    private <Q extends Message, R> R ask(RequestKind<Q> request, Q body, Message.Decoder<R> decoder) {
        if (kind != Kind.BROKER || name.isEmpty()) {
            return cluster.askController(request, body, decoder);
        }
        int node;
        try {
            node = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new CommandRefused("a broker is named by its node.id, a number, not '" + name + "'.");
        }
        if (!cluster.nodes().containsKey(node)) {
            throw new CommandRefused("there is no node " + node + "; there are "
                    + cluster.nodes().keySet() + ".");
        }
        return cluster.askNode(node, request, request.highest(), body, decoder);
    }
}
