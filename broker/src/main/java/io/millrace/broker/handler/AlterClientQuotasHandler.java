package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.AlterClientQuotasRequest;
import io.millrace.broker.message.AlterClientQuotasRequest.EntryData.OpData;
import io.millrace.broker.message.AlterClientQuotasResponse;
import io.millrace.broker.message.AlterClientQuotasResponse.EntryData;
import io.millrace.broker.message.AlterClientQuotasResponse.EntryData.EntityData;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes quotas, which are kept, and not enforced yet. */
final class AlterClientQuotasHandler implements Handler<AlterClientQuotasRequest> {

    private final Surroundings around;

    AlterClientQuotasHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(AlterClientQuotasRequest request, Call call) {
        boolean allowed = around.allows(call, Operation.ALTER_CONFIGS, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
        List<Pending<Void>> pending = new ArrayList<>();
        for (AlterClientQuotasRequest.EntryData entry : request.entries()) {
            pending.add(
                    allowed
                            ? alter(entry, request.validateOnly())
                            : Pending.failed(
                                    ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                                    ErrorCode.CLUSTER_AUTHORIZATION_FAILED.meaning()));
        }
        return Answer.whenAll(pending, () -> {
            AlterClientQuotasResponse response = new AlterClientQuotasResponse();
            for (int i = 0; i < pending.size(); i++) {
                response.entries().add(answer(request.entries().get(i), pending.get(i)));
            }
            return response;
        });
    }

    private Pending<Void> alter(AlterClientQuotasRequest.EntryData entry, boolean validateOnly) {
        try {
            QuotaEntity.Builder builder = new QuotaEntity.Builder();
            entry.entity().forEach(part -> builder.add(part.entityType(), part.entityName()));
            QuotaEntity entity = builder.build();
            check(entity, entry.ops());
            return around.door()
                    .admin()
                    .changeSettings(entity.scope(), before -> changed(before, entry.ops()), validateOnly);
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    private static void check(QuotaEntity entity, List<OpData> operations) {
        Set<String> keys = new HashSet<>();
        for (OpData operation : operations) {
            if (!keys.add(operation.key())) {
                throw new LogException(ErrorCode.INVALID_REQUEST, "Duplicate quota key " + operation.key());
            }
            if (!operation.remove()) {
                entity.problem(operation.key(), operation.value()).ifPresent(problem -> {
                    throw new LogException(ErrorCode.INVALID_REQUEST, problem);
                });
            }
        }
    }

    private static Map<String, String> changed(Map<String, String> before, List<OpData> operations) {
        Map<String, String> after = new HashMap<>(before);
        for (OpData operation : operations) {
            if (operation.remove()) {
                after.remove(operation.key());
            } else {
                after.put(operation.key(), Double.toString(operation.value()));
            }
        }
        return after;
    }

    private static EntryData answer(AlterClientQuotasRequest.EntryData asked, Pending<Void> pending) {
        EntryData answer = new EntryData()
                .errorCode(pending.error().code())
                .errorMessage(pending.isFailed() ? pending.message() : null);
        asked.entity().forEach(part -> answer.entity()
                .add(new EntityData().entityType(part.entityType()).entityName(part.entityName())));
        return answer;
    }
}
