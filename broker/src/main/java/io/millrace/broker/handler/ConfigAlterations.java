package io.millrace.broker.handler;

import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Call;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.ConfigChanges;
import io.millrace.broker.config.ConfigEdit;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.node.NodeAdmin;
import io.millrace.node.SettingsScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes configurations of whatever has one, for both APIs that can. */
final class ConfigAlterations {

    private final Surroundings around;

    ConfigAlterations(Surroundings around) {
        this.around = around;
    }

    /**
     * One resource whose configuration is to change.
     *
     * @param type Kafka's number
     * @param name of it
     */
    record Target(byte type, String name) {}

    /** Alters each resource by itself, in this order; those that a request names more than once are all refused. */
    static <R> List<Pending<?>> each(List<R> resources, Function<R, Target> target, Function<R, Pending<?>> alter) {
        Set<Target> seen = new HashSet<>();
        Set<Target> twice = new HashSet<>();
        resources.stream().map(target).filter(one -> !seen.add(one)).forEach(twice::add);
        List<Pending<?>> pending = new ArrayList<>();
        for (R resource : resources) {
            pending.add(
                    twice.contains(target.apply(resource))
                            ? Pending.failed(ErrorCode.INVALID_REQUEST, "Each resource must appear at most once.")
                            : alter.apply(resource));
        }
        return pending;
    }

    /** What a response says of a resource; null if nothing went wrong. */
    static @Nullable String message(Pending<?> answer) {
        return answer.isFailed() ? answer.message() : null;
    }

    /** Changes some keys. */
    Pending<?> edit(Call call, Target target, List<ConfigEdit> edits, boolean validateOnly) {
        try {
            ConfigResource resource = allowed(call, target);
            requireDistinct(edits.stream().map(ConfigEdit::name).toList());
            NodeAdmin admin = around.door().admin();
            return switch (resource.type()) {
                case TOPIC -> admin.changeTopic(existing(resource.name()), ConfigChanges.ofTopic(edits), validateOnly);
                case BROKER ->
                    admin.changeSettings(node(resource), ConfigChanges.ofNode(edits, isOne(resource)), validateOnly);
                case GROUP ->
                    admin.changeSettings(
                            group(resource),
                            ConfigChanges.ofGroup(edits, ConfigResource.catalog(around, call)),
                            validateOnly);
                case CLIENT_METRICS ->
                    admin.changeSettings(clientMetrics(resource), ConfigChanges.ofClientMetrics(edits), validateOnly);
                case BROKER_LOGGER -> throw noLoggers();
            };
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    /** Sets these keys and takes all others back. */
    Pending<?> replace(Call call, Target target, List<Map.Entry<String, String>> pairs, boolean validateOnly) {
        try {
            ConfigResource resource = allowed(call, target);
            requireDistinct(pairs.stream().map(Map.Entry::getKey).toList());
            Map<String, String> values = new HashMap<>();
            pairs.forEach(pair -> values.put(pair.getKey(), pair.getValue()));
            NodeAdmin admin = around.door().admin();
            return switch (resource.type()) {
                case TOPIC -> admin.changeTopic(existing(resource.name()), ConfigChanges.toTopic(values), validateOnly);
                case BROKER ->
                    admin.changeSettings(node(resource), ConfigChanges.toNode(values, isOne(resource)), validateOnly);
                case GROUP ->
                    admin.changeSettings(
                            group(resource),
                            ConfigChanges.toGroup(values, ConfigResource.catalog(around, call)),
                            validateOnly);
                case CLIENT_METRICS ->
                    admin.changeSettings(clientMetrics(resource), ConfigChanges.toClientMetrics(values), validateOnly);
                case BROKER_LOGGER -> throw noLoggers();
            };
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    private ConfigResource allowed(Call call, Target target) {
        ConfigResource resource = ConfigResource.of(target.type(), target.name());
        resource.authorize(around, call, Operation.ALTER_CONFIGS);
        return resource;
    }

    private static void requireDistinct(List<String> keys) {
        if (new HashSet<>(keys).size() < keys.size()) {
            throw new LogException(ErrorCode.INVALID_REQUEST, "Error due to duplicate config keys");
        }
    }

    private String existing(String topic) {
        if (around.door().topics().named(topic) == null) {
            throw TopicErrors.missing(topic);
        }
        return topic;
    }

    private static boolean isOne(ConfigResource node) {
        return !node.name().isEmpty();
    }

    private SettingsScope node(ConfigResource node) {
        if (isOne(node)) {
            node.requireThisNode(around);
        }
        return new SettingsScope(SettingsScope.Kind.NODE, node.name());
    }

    private static SettingsScope group(ConfigResource group) {
        if (group.name().isEmpty()) {
            throw new LogException(ErrorCode.INVALID_REQUEST, "Default group resources are not allowed.");
        }
        return SettingsScope.group(group.name());
    }

    private static SettingsScope clientMetrics(ConfigResource subscription) {
        subscription.requireName("Client metrics subscription");
        return new SettingsScope(SettingsScope.Kind.CLIENT_METRICS, subscription.name());
    }

    private static LogException noLoggers() {
        return new LogException(
                ErrorCode.INVALID_REQUEST,
                "The levels of loggers are set where the logging of the node's process is configured");
    }
}
