package io.millrace.broker.config;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.NetworkLimits;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.log.TopicSynonyms;
import io.millrace.node.DiskLimits;
import io.millrace.node.NodeConfig;
import io.millrace.node.ScrubLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a node was started with, under Kafka's names: what the operator wrote, and what a program that embeds the node has
 * changed without writing it. Pure.
 */
final class StaticValues {

    private final Map<String, String> values = new TreeMap<>();

    private StaticValues() {}

    static Map<String, String> of(NodeConfig node, BrokerConfig broker) {
        StaticValues all = new StaticValues();
        all.log(node, broker.given());
        all.groups(node.groups());
        all.transactions(node.transactions());
        all.disk(node.disk(), node.scrub());
        all.broker(broker);
        all.values.putAll(broker.given());
        all.values.put("node.id", Integer.toString(node.nodeId()));
        return Collections.unmodifiableMap(all.values);
    }

    private void log(NodeConfig node, Map<String, String> given) {
        node.topicDefaults().forEach((topicKey, value) -> {
            List<TopicSynonyms.Synonym> names = TopicSynonyms.of(topicKey);
            if (names.stream().noneMatch(name -> given.containsKey(name.nodeKey()))) {
                names.stream().findFirst().ifPresent(name -> values.put(name.nodeKey(), value));
            }
        });
        put("producer.id.expiration.ms", node.producerExpirationMs());
        if (!given.containsKey("log.retention.check.interval.ms")) {
            put("log.cleaner.backoff.ms", node.maintenanceInterval().toMillis());
        }
    }

    private void groups(GroupLimits groups) {
        put(
                "offsets.retention.minutes",
                Duration.ofMillis(groups.offsetsRetentionMs()).toMinutes());
        put("offset.metadata.max.bytes", groups.metadataCharsMax());
        put("group.initial.rebalance.delay.ms", groups.initialRebalanceDelayMs());
        put("group.min.session.timeout.ms", groups.sessionTimeoutMsMin());
        put("group.max.session.timeout.ms", groups.sessionTimeoutMsMax());
        put("group.max.size", groups.membersMax());
        ConsumerGroupKeys.values(groups.consumers()).forEach(this::put);
    }

    private void transactions(TransactionLimits transactions) {
        put("transaction.max.timeout.ms", transactions.timeoutMsMax());
        put("transactional.id.expiration.ms", transactions.idExpirationMs());
    }

    private void disk(DiskLimits disk, ScrubLimits scrub) {
        put("disk.free.ratio.min", disk.freeRatioMin());
        put("disk.free.bytes.max", disk.freeBytesMax());
        put("disk.ballast.bytes", disk.ballastBytes());
        put("scrub.bytes.per.second", scrub.bytesPerSecond());
        put("scrub.interval.ms", scrub.interval().toMillis());
    }

    private void broker(BrokerConfig broker) {
        put("socket.request.max.bytes", broker.requestBytesMax());
        put("connections.max.idle.ms", broker.connectionsMaxIdle().toMillis());
        put("auto.create.topics.enable", broker.autoCreateTopics());
        put("delete.topic.enable", broker.deleteTopics());
        put("num.partitions", broker.partitionsDefault());
        put("max.request.partition.size.limit", broker.partitionsDescribedMax());
        put("fetch.max.bytes", broker.fetchBytesMax());
        put("num.network.threads", broker.loops());
        NetworkLimits network = broker.network();
        put("max.connections", network.connectionsMax());
        put("max.connections.per.ip", network.connectionsPerIpMax());
        put("queued.max.request.bytes", network.queuedRequestBytesMax());
        put("max.incremental.fetch.session.cache.slots", network.fetchSessionsMax());
        if (broker.rack() != null) {
            put("broker.rack", broker.rack());
        }
    }

    /** What is as by default was not set by anybody. */
    private void put(String key, Object value) {
        String text = String.valueOf(value);
        if (!Objects.equals(NodeKeys.require(key).defaultValue(), text)) {
            values.put(key, text);
        }
    }
}
