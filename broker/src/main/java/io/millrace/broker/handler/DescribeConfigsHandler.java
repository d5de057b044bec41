package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.ConfigCatalog;
import io.millrace.broker.config.ConfigSource;
import io.millrace.broker.config.DescribedConfig;
import io.millrace.broker.config.DescribedConfig.Synonym;
import io.millrace.broker.config.ValueType;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult.DescribeConfigsSynonym;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.TopicDescription;
import io.millrace.node.SettingsScope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tells configurations and where each value is from. */
final class DescribeConfigsHandler implements Handler<DescribeConfigsRequest> {

    /** A few bytes name a resource, and kilobytes tell its configuration. */
    static final int RESOURCES_MAX = 10_000;

    private static final Set<String> ALL_KEYS = Set.of();

    private final Surroundings around;

    DescribeConfigsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeConfigsRequest request, Call call) {
        DescribeConfigsResponse response = new DescribeConfigsResponse();
        Map<Asked, Set<String>> asked = new LinkedHashMap<>();
        for (DescribeConfigsResource resource : request.resources()) {
            asked.merge(
                    new Asked(resource.resourceType(), resource.resourceName()),
                    keys(resource),
                    DescribeConfigsHandler::keysOfEither);
        }
        asked.forEach((resource, keys) -> response.results().add(result(resource, keys, request, call, response)));
        return Answer.of(response);
    }

    /** What a request names; if it does so several times there is one answer, with all that it wants to know. */
    private record Asked(byte type, String name) {}

    private static Set<String> keys(DescribeConfigsResource resource) {
        List<String> keys = resource.configurationKeys();
        return keys == null ? ALL_KEYS : new HashSet<>(keys);
    }

    private static Set<String> keysOfEither(Set<String> keys, Set<String> others) {
        if (keys.isEmpty() || others.isEmpty()) {
            return ALL_KEYS;
        }
        keys.addAll(others);
        return keys;
    }

    private DescribeConfigsResult result(
            Asked asked, Set<String> keys, DescribeConfigsRequest request, Call call, DescribeConfigsResponse before) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .resourceType(asked.type())
                .resourceName(asked.name())
                .errorMessage(null);
        if (before.results().size() >= RESOURCES_MAX) {
            return result.errorCode(ErrorCode.INVALID_REQUEST.code())
                    .errorMessage(
                            "One request is told of " + RESOURCES_MAX + " resources at most; ask again for others.");
        }
        try {
            describe(asked, call).stream()
                    .filter(config -> keys.isEmpty() || keys.contains(config.name()))
                    .forEach(config -> result.configs().add(entry(config, request)));
        } catch (LogException refused) {
            result.errorCode(refused.error().code()).errorMessage(refused.reason());
        }
        return result;
    }

    private List<DescribedConfig> describe(Asked asked, Call call) {
        ConfigResource resource = ConfigResource.of(asked.type(), asked.name());
        resource.authorize(around, call, Operation.DESCRIBE_CONFIGS);
        ConfigCatalog catalog = ConfigResource.catalog(around, call);
        return switch (resource.type()) {
            case TOPIC -> catalog.topic(topic(resource.name()));
            case BROKER -> {
                if (resource.name().isEmpty()) {
                    yield catalog.allNodes();
                }
                resource.requireThisNode(around);
                yield catalog.node();
            }
            case BROKER_LOGGER -> {
                resource.requireThisNode(around);
                yield List.of(); // who embeds the node, or its launcher, says what is logged
            }
            case CLIENT_METRICS -> {
                resource.requireName("Client metrics subscription");
                yield clientMetrics(resource.name());
            }
            case GROUP -> {
                resource.requireName("Group");
                yield catalog.group(resource.name());
            }
        };
    }

    private TopicDescription topic(String name) {
        TopicDescription found = around.door().topics().named(name);
        if (found == null) {
            throw TopicErrors.missing(name);
        }
        return found;
    }

    private List<DescribedConfig> clientMetrics(String name) {
        var scope = new SettingsScope(SettingsScope.Kind.CLIENT_METRICS, name);
        return new TreeMap<>(around.door().admin().settings().of(scope))
                .entrySet().stream()
                        .map(set -> new DescribedConfig(
                                set.getKey(),
                                set.getValue(),
                                set.getKey().equals("interval.ms") ? ValueType.INT : ValueType.LIST,
                                false,
                                false,
                                List.of(new Synonym(set.getKey(), set.getValue(), ConfigSource.CLIENT_METRICS)),
                                "Of what clients are asked to tell of themselves (KIP-714); kept, and not collected."))
                        .toList();
    }

    private static DescribeConfigsResourceResult entry(DescribedConfig config, DescribeConfigsRequest request) {
        DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult()
                .name(config.name())
                .value(config.value())
                .readOnly(config.isReadOnly())
                .configSource(config.source().code())
                .isSensitive(config.isSensitive())
                .configType(config.type().code())
                .documentation(request.includeDocumentation() ? config.text() : null);
        if (request.includeSynonyms()) {
            config.synonyms().forEach(synonym -> entry.synonyms()
                    .add(new DescribeConfigsSynonym()
                            .name(synonym.name())
                            .value(synonym.value())
                            .source(synonym.source().code())));
        }
        return entry;
    }
}
