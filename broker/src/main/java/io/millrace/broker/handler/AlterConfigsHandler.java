package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.handler.ConfigAlterations.Target;
import io.millrace.broker.message.AlterConfigsRequest;
import io.millrace.broker.message.AlterConfigsRequest.AlterConfigsResource;
import io.millrace.broker.message.AlterConfigsRequest.AlterConfigsResource.AlterableConfig;
import io.millrace.broker.message.AlterConfigsResponse;
import io.millrace.broker.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Replaces whole configurations: the older way, which librdkafka and kafkajs still go. */
final class AlterConfigsHandler implements Handler<AlterConfigsRequest> {

    private final ConfigAlterations alterations;

    AlterConfigsHandler(Surroundings around) {
        this.alterations = new ConfigAlterations(around);
    }

    @Override
    public Answer handle(AlterConfigsRequest request, Call call) {
        List<AlterConfigsResource> resources = request.resources();
        List<Pending<?>> pending = ConfigAlterations.each(
                resources, AlterConfigsHandler::target, one -> replace(call, one, request.validateOnly()));
        return Answer.whenAll(pending, () -> {
            AlterConfigsResponse response = new AlterConfigsResponse();
            for (int i = 0; i < resources.size(); i++) {
                response.responses()
                        .add(new AlterConfigsResourceResponse()
                                .resourceType(resources.get(i).resourceType())
                                .resourceName(resources.get(i).resourceName())
                                .errorCode(pending.get(i).error().code())
                                .errorMessage(ConfigAlterations.message(pending.get(i))));
            }
            return response;
        });
    }

    private static Target target(AlterConfigsResource resource) {
        return new Target(resource.resourceType(), resource.resourceName());
    }

    private Pending<?> replace(Call call, AlterConfigsResource resource, boolean validateOnly) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            String value = config.value();
            if (value == null) {
                return Pending.failed(ErrorCode.INVALID_REQUEST, "Null value not supported for : " + config.name());
            }
            pairs.add(Map.entry(config.name(), value));
        }
        return alterations.replace(call, target(resource), pairs, validateOnly);
    }
}
