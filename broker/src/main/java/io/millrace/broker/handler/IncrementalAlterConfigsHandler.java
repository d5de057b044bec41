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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Changes single keys of configurations (KIP-339). Each resource succeeds or fails as a whole, whatever becomes of the others. */
final class IncrementalAlterConfigsHandler implements Handler<IncrementalAlterConfigsRequest> {

    private final ConfigAlterations alterations;

    IncrementalAlterConfigsHandler(Surroundings around) {
        this.alterations = new ConfigAlterations(around);
    }

    @Override
    public Answer handle(IncrementalAlterConfigsRequest request, Call call) {
        List<Target> targets = request.resources().stream()
                .map(IncrementalAlterConfigsHandler::target)
                .toList();
        Set<Target> repeated = ConfigAlterations.repeated(targets);
        List<Pending<?>> pending = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            pending.add(
                    repeated.contains(target(resource))
                            ? ConfigAlterations.refuseRepeated()
                            : alter(call, resource, request.validateOnly()));
        }
        return Answer.whenAll(pending, () -> {
            IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse();
            for (int i = 0; i < targets.size(); i++) {
                response.responses()
                        .add(new AlterConfigsResourceResponse()
                                .resourceType(targets.get(i).type())
                                .resourceName(targets.get(i).name())
                                .errorCode(pending.get(i).error().code())
                                .errorMessage(
                                        pending.get(i).isFailed()
                                                ? pending.get(i).message()
                                                : null));
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
