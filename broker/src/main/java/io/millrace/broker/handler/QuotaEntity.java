package io.millrace.broker.handler;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.node.SettingsScope;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has quotas: a user, a client id, both together, or an address (KIP-546). Pure.
 *
 * @param parts names by type; under {@link #DEFAULT} whoever has none of his own
 */
record QuotaEntity(SortedMap<String, String> parts) {

    /** Stands for a missing name; no name is empty. */
    static final String DEFAULT = "";

    static final String USER = "user";
    static final String CLIENT_ID = "client-id";
    static final String IP = "ip";
    static final Set<String> TYPES = Set.of(USER, CLIENT_ID, IP);

    private static final String ADDRESS = "[0-9A-Za-z.:%_-]+";

    QuotaEntity {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** Gathers the parts of an entity as they come. */
    static final class Builder {

        private final SortedMap<String, String> parts = new TreeMap<>();

        /** @param name null for the default */
        Builder add(String type, @Nullable String name) {
            if (!TYPES.contains(type)) {
                throw invalid("Unhandled client quota entity type: " + type);
            }
            if (name != null && name.isEmpty()) {
                throw invalid("Empty " + type + " not supported");
            }
            if (parts.put(type, name == null ? DEFAULT : name) != null) {
                throw invalid("Invalid client quota entity, duplicate entity entry " + type);
            }
            return this;
        }

        /** @throws LogException INVALID_REQUEST if nobody can be this */
        QuotaEntity build() {
            if (parts.isEmpty()) {
                throw invalid("Invalid empty client quota entity");
            }
            String address = parts.get(IP);
            if (address != null && parts.size() > 1) {
                throw invalid(
                        "Invalid quota entity combination, IP entity should not be combined with User or ClientId");
            }
            if (address != null && !address.equals(DEFAULT) && !address.matches(ADDRESS)) {
                throw invalid(address + " is not a valid IP or resolvable host.");
            }
            return new QuotaEntity(parts);
        }
    }

    /** Whether it has exactly this part. */
    boolean has(String type, @Nullable String name) {
        return Objects.equals(parts.get(type), name == null ? DEFAULT : name);
    }

    boolean isAddress() {
        return parts.containsKey(IP);
    }

    /** Under which its quotas are kept. */
    SettingsScope scope() {
        StringBuilder name = new StringBuilder();
        parts.forEach((type, value) -> name.append(name.isEmpty() ? "" : "&")
                .append(type)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return new SettingsScope(SettingsScope.Kind.QUOTA, name.toString());
    }

    /** Back from the name of its scope. */
    static QuotaEntity named(String scope) {
        Map<String, String> parts = new HashMap<>();
        for (String part : scope.split("&")) {
            int equals = part.indexOf('=');
            parts.put(part.substring(0, equals), URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return new QuotaEntity(new TreeMap<>(parts));
    }

    /** The name of a part as the wire has it. */
    static @Nullable String onTheWire(String name) {
        return name.equals(DEFAULT) ? null : name;
    }

    /** What is wrong with a quota of this entity; empty if it is all right. */
    Optional<String> problem(String key, double value) {
        Double max = (isAddress() ? ADDRESS_KEYS : CLIENT_KEYS).get(key);
        if (max == null) {
            return Optional.of("Invalid configuration key " + key);
        }
        if (!(value > 0)) {
            return Optional.of("Quota " + key + " must be greater than 0");
        }
        boolean isWhole = max < Double.POSITIVE_INFINITY;
        if (value > max) {
            return Optional.of("Proposed value for " + key + " is too large.");
        }
        return isWhole && Math.abs(value % 1.0) > 1e-6
                ? Optional.of(key + " cannot be a fractional value.")
                : Optional.empty();
    }

    /** Keys with their largest values; those without a bound need not be whole numbers. */
    private static final Map<String, Double> CLIENT_KEYS = Map.of(
            "producer_byte_rate",
            (double) Long.MAX_VALUE,
            "consumer_byte_rate",
            (double) Long.MAX_VALUE,
            "request_percentage",
            Double.POSITIVE_INFINITY,
            "controller_mutation_rate",
            Double.POSITIVE_INFINITY);

    private static final Map<String, Double> ADDRESS_KEYS =
            Map.of("connection_creation_rate", (double) Integer.MAX_VALUE);

    private static LogException invalid(String message) {
        return new LogException(ErrorCode.INVALID_REQUEST, message);
    }
}
