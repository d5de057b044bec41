package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ListConfigResourcesRequest;
import io.millrace.broker.message.ListConfigResourcesResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import io.millrace.node.SettingsImage;
import io.millrace.node.SettingsScope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Tells what has configurations of its own (KIP-1142). Before version 1 that was only what clients are asked to tell. */
final class ListConfigResourcesHandler implements Handler<ListConfigResourcesRequest> {

    private static final short ALL_TYPES = 1;

    private final Surroundings around;

    ListConfigResourcesHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ListConfigResourcesRequest request, Call call) {
        ListConfigResourcesResponse response = new ListConfigResourcesResponse();
        if (!around.allows(call, Operation.DESCRIBE_CONFIGS, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return Answer.of(response.errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        Set<ConfigResource.Type> wanted = EnumSet.noneOf(ConfigResource.Type.class);
        for (byte type : request.resourceTypes()) {
            if (ConfigResource.Type.of(type).isEmpty()) {
                return Answer.of(response.errorCode(ErrorCode.UNSUPPORTED_VERSION.code()));
            }
            ConfigResource.Type.of(type).ifPresent(wanted::add);
        }
        if (call.version() < ALL_TYPES) {
            wanted = EnumSet.of(ConfigResource.Type.CLIENT_METRICS);
        } else if (wanted.isEmpty()) {
            wanted = EnumSet.allOf(ConfigResource.Type.class);
        }
        for (ConfigResource.Type type : wanted) {
            names(type).forEach(name -> response.configResources()
                    .add(new ListConfigResourcesResponse.ConfigResource()
                            .resourceName(name)
                            .resourceType(type.code())));
        }
        return Answer.of(response);
    }

    private List<String> names(ConfigResource.Type type) {
        SettingsImage settings = around.door().admin().settings();
        return switch (type) {
            case TOPIC ->
                around.door().topics().all().stream()
                        .map(TopicDescription::name)
                        .toList();
            case BROKER, BROKER_LOGGER ->
                List.of(Integer.toString(around.cluster().nodeId()));
            case CLIENT_METRICS -> settings.names(SettingsScope.Kind.CLIENT_METRICS);
            case GROUP -> settings.names(SettingsScope.Kind.GROUP);
        };
    }
}
