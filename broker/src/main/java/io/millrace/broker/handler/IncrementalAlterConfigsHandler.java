package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.ConfigEdit;
import io.millrace.broker.handler.ConfigAlterations.Target;
import io.millrace.broker.message.IncrementalAlterConfigsRequest;
import io.millrace.broker.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.millrace.broker.message.IncrementalAlterConfigsRequest.AlterConfigsResource.AlterableConfig;
import io.millrace.broker.message.IncrementalAlterConfigsResponse;
import io.millrace.broker.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import java.util.List;

/** Changes single keys of configurations (KIP-339). Each resource succeeds or fails as a whole, whatever becomes of the others. */
final class IncrementalAlterConfigsHandler implements Handler<IncrementalAlterConfigsRequest> {

    private final ConfigAlterations alterations;

    IncrementalAlterConfigsHandler(Surroundings around) {
        this.alterations = new ConfigAlterations(around);
    }

    @Override
    public Answer handle(IncrementalAlterConfigsRequest request, Call call) {
        List<AlterConfigsResource> resources = request.resources();
        List<Pending<?>> pending = ConfigAlterations.each(
                resources, IncrementalAlterConfigsHandler::target, one -> alter(call, one, request.validateOnly()));
        return Answer.whenAll(pending, () -> {
            IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse();
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

    private Pending<?> alter(Call call, AlterConfigsResource resource, boolean validateOnly) {
        try {
            List<ConfigEdit> edits = resource.configs().stream()
                    .map(IncrementalAlterConfigsHandler::edit)
                    .toList();
            return alterations.edit(call, target(resource), edits, validateOnly);
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    private static ConfigEdit edit(AlterableConfig config) {
        ConfigEdit.Operation operation = ConfigEdit.Operation.of(config.configOperation())
                .orElseThrow(() -> new LogException(
                        ErrorCode.INVALID_REQUEST, "Unknown operations type " + config.configOperation()));
        String value = config.value();
        if (operation == ConfigEdit.Operation.DELETE) {
            return new ConfigEdit(config.name(), operation, "");
        }
        if (value == null) {
            throw new LogException(ErrorCode.INVALID_REQUEST, "Null value not supported for : " + config.name());
        }
        return new ConfigEdit(config.name(), operation, value);
    }
}
