package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeClientQuotasRequest;
import io.millrace.broker.message.DescribeClientQuotasRequest.ComponentData;
import io.millrace.broker.message.DescribeClientQuotasResponse;
import io.millrace.broker.message.DescribeClientQuotasResponse.EntryData;
import io.millrace.broker.message.DescribeClientQuotasResponse.EntryData.EntityData;
import io.millrace.broker.message.DescribeClientQuotasResponse.EntryData.ValueData;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.node.SettingsImage;
import io.millrace.node.SettingsScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Tells quotas (KIP-546). */
final class DescribeClientQuotasHandler implements Handler<DescribeClientQuotasRequest> {

    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte ANY = 2;

    private final Surroundings around;

    DescribeClientQuotasHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeClientQuotasRequest request, Call call) {
        DescribeClientQuotasResponse response = new DescribeClientQuotasResponse().errorMessage(null);
        try {
            if (!around.allows(call, Operation.DESCRIBE_CONFIGS, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
                throw new LogException(
                        ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ErrorCode.CLUSTER_AUTHORIZATION_FAILED.meaning());
            }
            Predicate<QuotaEntity> filter = filter(request);
            SettingsImage settings = around.door().admin().settings();
            List<EntryData> entries = new ArrayList<>();
            for (String name : settings.names(SettingsScope.Kind.QUOTA)) {
                QuotaEntity entity = QuotaEntity.named(name);
                if (filter.test(entity)) {
                    entries.add(entry(entity, settings.of(entity.scope())));
                }
            }
            return Answer.of(response.entries(entries));
        } catch (LogException refused) {
            return Answer.of(response.errorCode(refused.error().code())
                    .errorMessage(refused.reason())
                    .entries(null));
        }
    }

    private static Predicate<QuotaEntity> filter(DescribeClientQuotasRequest request) {
        Set<String> types = new HashSet<>();
        Predicate<QuotaEntity> filter = entity -> true;
        for (ComponentData component : request.components()) {
            if (component.entityType().isEmpty()) {
                throw invalid("Invalid empty entity type.");
            }
            if (!types.add(component.entityType())) {
                throw invalid("Entity type " + component.entityType() + " cannot appear more than once in the filter.");
            }
            if (!QuotaEntity.TYPES.contains(component.entityType())) {
                throw new LogException(
                        ErrorCode.UNSUPPORTED_VERSION, "Unsupported entity type " + component.entityType());
            }
            filter = filter.and(match(component));
        }
        if (types.contains(QuotaEntity.IP) && types.size() > 1) {
            throw invalid(
                    "Invalid entity filter component combination. IP filter component should not be used with user"
                            + " or clientId filter component.");
        }
        int size = types.size();
        return request.strict() ? filter.and(entity -> entity.parts().size() == size) : filter;
    }

    private static Predicate<QuotaEntity> match(ComponentData component) {
        String type = component.entityType();
        String name = component.match();
        if ((component.matchType() == EXACT) != (name != null)) {
            throw invalid("A filter for an exact match has a name, and no other has one.");
        }
        return switch (component.matchType()) {
            case EXACT, DEFAULT -> entity -> entity.has(type, name);
            case ANY -> entity -> entity.parts().containsKey(type);
            default -> throw invalid("Unknown match type " + component.matchType());
        };
    }

    private static EntryData entry(QuotaEntity entity, Map<String, String> quotas) {
        EntryData entry = new EntryData();
        entity.parts().forEach((type, name) -> entry.entity()
                .add(new EntityData().entityType(type).entityName(QuotaEntity.onTheWire(name))));
        new TreeMap<>(quotas).forEach((key, value) -> entry.values()
                .add(new ValueData().key(key).value(Double.parseDouble(value))));
        return entry;
    }

    private static LogException invalid(String message) {
        return new LogException(ErrorCode.INVALID_REQUEST, message);
    }
}
