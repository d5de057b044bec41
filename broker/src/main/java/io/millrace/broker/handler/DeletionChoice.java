package io.millrace.broker.handler;

import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DeleteTopicsRequest.DeleteTopicState;
import io.millrace.broker.message.DeleteTopicsResponse.DeletableTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which topics a request to delete means, and what of it is refused. A topic that is meant twice, be it once by its name and
 * once by its id, is not deleted. Names and ids of topics that a caller may not see are not told. Pure.
 */
final class DeletionChoice {

    private static final UUID NO_ID = new UUID(0, 0);

    private final Surroundings around;
    private final Call call;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> namesTwice = new LinkedHashSet<>();
    private final Set<UUID> ids = new LinkedHashSet<>();
    private final Set<UUID> idsTwice = new LinkedHashSet<>();
    private final Map<UUID, TopicDescription> chosen = new LinkedHashMap<>();
    private final List<DeletableTopicResult> refused = new ArrayList<>();

    DeletionChoice(Surroundings around, Call call, List<DeleteTopicState> asked) {
        this.around = around;
        this.call = call;
        asked.forEach(this::sort);
        namesTwice.forEach(name -> refuse(name, NO_ID, ErrorCode.INVALID_REQUEST, "Duplicate topic name."));
        idsTwice.forEach(id -> refuse(null, id, ErrorCode.INVALID_REQUEST, "Duplicate topic id."));
        ids.forEach(this::chooseById);
        names.forEach(this::chooseByName);
    }

    /** What is to be deleted. */
    Collection<TopicDescription> chosen() {
        return chosen.values();
    }

    /** What is answered besides. */
    List<DeletableTopicResult> refused() {
        return refused;
    }

    private void sort(DeleteTopicState asked) {
        String name = asked.name();
        boolean hasId = !asked.topicId().equals(NO_ID);
        if (name == null && !hasId) {
            refuse(null, NO_ID, ErrorCode.INVALID_REQUEST, "Neither topic name nor id were specified.");
        } else if (name == null) {
            addOnce(asked.topicId(), ids, idsTwice);
        } else if (hasId) {
            refuse(
                    name,
                    asked.topicId(),
                    ErrorCode.INVALID_REQUEST,
                    "You may not specify both topic name and topic id.");
        } else {
            addOnce(name, names, namesTwice);
        }
    }

    private static <T> void addOnce(T one, Set<T> once, Set<T> twice) {
        if (twice.contains(one) || !once.add(one)) {
            twice.add(one);
            once.remove(one);
        }
    }

    private void chooseById(UUID id) {
        TopicDescription found = around.door().topics().withId(id);
        if (found == null) {
            refuse(null, id, ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_ID.meaning());
        } else if (!mayDo(Operation.DELETE, found.name())) {
            refuseUnauthorized(mayDo(Operation.DESCRIBE, found.name()) ? found.name() : null, id);
        } else {
            chosen.put(id, found);
        }
    }

    private void chooseByName(String name) {
        TopicDescription found = around.door().topics().named(name);
        if (!mayDo(Operation.DESCRIBE, name)) {
            refuseUnauthorized(name, NO_ID);
        } else if (found == null) {
            refuse(name, NO_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.meaning());
        } else if (!mayDo(Operation.DELETE, name)) {
            refuseUnauthorized(name, NO_ID);
        } else if (idsTwice.contains(found.id()) || chosen.put(found.id(), found) != null) {
            chosen.remove(found.id());
            refuse(
                    name,
                    found.id(),
                    ErrorCode.INVALID_REQUEST,
                    "The provided topic name maps to an ID that was already supplied.");
        }
    }

    private boolean mayDo(Operation operation, String topic) {
        return around.allows(call, Operation.DELETE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)
                || around.allows(call, operation, Resource.TOPIC, topic);
    }

    private void refuseUnauthorized(@Nullable String name, UUID id) {
        refuse(name, id, ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED.meaning());
    }

    private void refuse(@Nullable String name, UUID id, ErrorCode why, String message) {
        refused.add(new DeletableTopicResult()
                .name(name)
                .topicId(id)
                .errorCode(why.code())
                .errorMessage(message));
    }
}
