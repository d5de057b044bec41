package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.MetadataRequest.MetadataRequestTopic;
import io.millrace.broker.message.MetadataResponse;
import io.millrace.broker.message.MetadataResponse.MetadataResponseBroker;
import io.millrace.broker.message.MetadataResponse.MetadataResponseTopic;
import io.millrace.broker.message.MetadataResponse.MetadataResponseTopic.MetadataResponsePartition;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Tells where topics are, and makes those that are missing if client and node both want that. */
final class MetadataHandler implements Handler<MetadataRequest> {

    /** Before it, an empty list asks for all topics; from it on null does. */
    private static final short NULL_IS_ALL = 1;

    private static final short AUTO_CREATION_IS_ASKED = 4;

    /** Versions 10 and 11 have ids, but may not be asked by them. */
    private static final short TOPIC_IDS = 12;

    private static final UUID NO_ID = new UUID(0, 0);

    private final Surroundings around;

    MetadataHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(MetadataRequest request, Call call) {
        if (isTooEarly(request, call)) {
            return refuse(request);
        }
        MetadataResponse response = cluster(request, call);
        List<MetadataRequestTopic> asked = request.topics();
        if (asked == null || asked.isEmpty() && call.version() < NULL_IS_ALL) {
            around.door().topics().all().stream()
                    .filter(topic -> around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic.name()))
                    .forEach(topic -> response.topics().add(fill(new MetadataResponseTopic(), topic)));
            return Answer.of(withOperations(response, request, call));
        }
        Set<UUID> ids = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : asked) {
            if (!topic.topicId().equals(NO_ID)) {
                ids.add(topic.topicId());
            } else if (topic.name() != null) {
                names.add(topic.name());
            }
        }
        if (!ids.isEmpty()) { // names beside ids are passed over
            ids.forEach(id -> response.topics().add(find(id, call)));
            return Answer.of(withOperations(response, request, call));
        }
        return named(names, response, request, call);
    }

    private MetadataResponse cluster(MetadataRequest request, Call call) {
        MetadataResponse response = new MetadataResponse()
                .clusterId(around.cluster().id())
                .controllerId(around.cluster().nodeId());
        response.brokers()
                .add(new MetadataResponseBroker()
                        .nodeId(around.cluster().nodeId())
                        .host(call.listener().host())
                        .port(call.listener().port())
                        .rack(around.config().rack()));
        if (request.includeClusterAuthorizedOperations()) {
            boolean mayKnow = around.allows(call, Operation.DESCRIBE, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
            response.clusterAuthorizedOperations(
                    mayKnow ? AuthorizedOperations.of(around, call, Resource.CLUSTER, Authorizer.CLUSTER_NAME) : 0);
        }
        return response;
    }

    /** Before ids may be asked by, neither they nor the lack of a name make sense: the whole request is refused. */
    private static boolean isTooEarly(MetadataRequest request, Call call) {
        List<MetadataRequestTopic> asked = request.topics();
        return call.version() < TOPIC_IDS
                && asked != null
                && asked.stream()
                        .anyMatch(topic ->
                                topic.name() == null || !topic.topicId().equals(NO_ID));
    }

    private static Answer refuse(MetadataRequest request) {
        MetadataResponse response = new MetadataResponse().errorCode(ErrorCode.INVALID_REQUEST.code());
        for (MetadataRequestTopic topic : Objects.requireNonNull(request.topics())) {
            response.topics()
                    .add(new MetadataResponseTopic()
                            .name(topic.name() == null ? "" : topic.name())
                            .topicId(topic.topicId())
                            .errorCode(ErrorCode.INVALID_REQUEST.code()));
        }
        return Answer.of(response);
    }

    private MetadataResponseTopic find(UUID id, Call call) {
        MetadataResponseTopic topic = new MetadataResponseTopic().name(null).topicId(id);
        TopicDescription found = around.door().topics().withId(id);
        if (found == null) {
            return topic.errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
        if (!around.allows(call, Operation.DESCRIBE, Resource.TOPIC, found.name())) {
            return topic.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        }
        return fill(topic, found);
    }

    private Answer named(Set<String> names, MetadataResponse response, MetadataRequest request, Call call) {
        boolean creates = around.config().autoCreateTopics()
                && (request.allowAutoTopicCreation() || call.version() < AUTO_CREATION_IS_ASKED);
        List<MetadataResponseTopic> missing = new ArrayList<>();
        for (String name : names) {
            MetadataResponseTopic one = find(name, call);
            response.topics().add(one);
            if (!creates || !isMissing(one)) {
                continue;
            }
            if (around.allowsCreation(call, name)) {
                missing.add(one);
            } else {
                one.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
            }
        }
        return missing.isEmpty()
                ? Answer.of(withOperations(response, request, call))
                : whenCreated(missing, () -> withOperations(response, request, call));
    }

    private MetadataResponseTopic find(String name, Call call) {
        MetadataResponseTopic topic = new MetadataResponseTopic().name(name);
        if (!around.allows(call, Operation.DESCRIBE, Resource.TOPIC, name)) {
            return topic.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        }
        TopicDescription found = around.door().topics().named(name);
        return found == null ? topic.errorCode(TopicErrors.missing(name).error().code()) : fill(topic, found);
    }

    /** Told of topics that are not there too: a client may want to know whether it could make them. */
    private MetadataResponse withOperations(MetadataResponse response, MetadataRequest request, Call call) {
        if (request.includeTopicAuthorizedOperations()) {
            for (MetadataResponseTopic topic : response.topics()) {
                String name = topic.name();
                if (name != null && topic.errorCode() != ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()) {
                    topic.topicAuthorizedOperations(AuthorizedOperations.of(around, call, Resource.TOPIC, name));
                }
            }
        }
        return response;
    }

    private NewTopic newTopic(MetadataResponseTopic missing) {
        return new NewTopic(String.valueOf(missing.name()), around.config().partitionsDefault());
    }

    private static boolean isMissing(MetadataResponseTopic topic) {
        return topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code();
    }

    /** A topic of this life is there at once, so the client need not ask again as it must with Kafka. */
    private Answer whenCreated(List<MetadataResponseTopic> missing, Supplier<MetadataResponse> response) {
        List<NewTopic> wanted = missing.stream().map(this::newTopic).toList();
        return Answer.when(around.door().admin().createTopics(wanted, false), made -> {
            for (int i = 0; i < missing.size(); i++) {
                MetadataResponseTopic topic = missing.get(i);
                TopicDescription found = around.door().topics().named(String.valueOf(topic.name()));
                if (found != null) {
                    fill(topic, found);
                } else {
                    ErrorCode why =
                            made.isFailed() ? made.error() : made.value().get(i).error();
                    topic.errorCode(why.code());
                }
            }
            return response.get();
        });
    }

    private MetadataResponseTopic fill(MetadataResponseTopic into, TopicDescription topic) {
        into.errorCode(ErrorCode.NONE.code())
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(topic.internal());
        int[] replicas = {around.cluster().nodeId()};
        for (int i = 0; i < topic.partitionCount(); i++) {
            into.partitions()
                    .add(new MetadataResponsePartition()
                            .partitionIndex(i)
                            .leaderId(around.cluster().nodeId())
                            .leaderEpoch(around.door().leaderEpoch())
                            .replicaNodes(replicas)
                            .isrNodes(replicas));
        }
        return into;
    }
}
