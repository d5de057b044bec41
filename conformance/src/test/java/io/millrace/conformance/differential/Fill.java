package io.millrace.conformance.differential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;

/**
 * Kafka's message classes filled from JSON that names their fields. What is not named keeps its default. What the schema of the
 * version does not have is left out, so one text serves all versions.
 */
final class Fill {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();

    private Fill() {}

    static ApiMessage request(ApiKeys api, short version, String json) {
        try {
            var message = api.messageType.newRequest();
            fill(message, api.messageType.requestSchemas()[version], JSON.readTree(json));
            return message;
        } catch (ReflectiveOperationException | JsonProcessingException e) {
            throw new IllegalArgumentException(api + " version " + version + ": " + json, e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static void fill(Object message, Schema schema, JsonNode json) throws ReflectiveOperationException {
        var types = new HashMap<String, org.apache.kafka.common.protocol.types.Type>();
        for (var bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields tagged) {
                tagged.fields().values().forEach(one -> types.put(plain(one.name), one.type));
            } else {
                types.put(plain(bound.def.name), bound.def.type);
            }
        }
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            var field = message.getClass().getDeclaredField(entry.getKey());
            var type = types.get(plain(entry.getKey()));
            if (type != null && !(entry.getValue().isNull() && !type.isNullable())) {
                set(message, field, type, entry.getValue());
            }
        }
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static void set(
            Object message, Field field, org.apache.kafka.common.protocol.types.Type type, JsonNode value)
            throws ReflectiveOperationException {
        field.setAccessible(true);
        field.set(message, value.isNull() ? null : value(field.getGenericType(), type, value));
    }

    private static Object value(Type java, org.apache.kafka.common.protocol.types.Type type, JsonNode json)
            throws ReflectiveOperationException {
        if (type.isArray() && json.isArray()) {
            var element = type.arrayElementType().orElseThrow();
            var all = collection(java);
            for (var one : json) {
                all.add(value(elementType(java), element, one));
            }
            return all;
        }
        if (type instanceof Schema schema) {
            var message = create((Class<?>) java);
            fill(message, schema, json);
            return message;
        }
        return switch (((Class<?>) java).getSimpleName()) {
            case "boolean", "Boolean" -> json.booleanValue();
            case "byte", "Byte" -> (byte) json.asInt();
            case "short", "Short" -> (short) json.asInt();
            case "int", "Integer" -> json.asInt();
            case "long", "Long" -> json.asLong();
            case "double" -> json.asDouble();
            case "String" -> json.asText();
            case "Uuid" -> Uuid.fromString(json.asText());
            case "byte[]" -> json.asText().getBytes(StandardCharsets.UTF_8);
            case "BaseRecords" -> Batches.of(json);
            default -> throw new IllegalArgumentException("no values for " + java);
        };
    }

    private static Object create(Class<?> type) throws ReflectiveOperationException {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    @SuppressWarnings("unchecked")
    private static Collection<Object> collection(Type type) throws ReflectiveOperationException {
        return type instanceof ParameterizedType ? new ArrayList<>() : (Collection<Object>) create((Class<?>) type);
    }

    /** Of a list, or of a class that extends a collection of one element type. */
    private static Type elementType(Type type) {
        var generic = type instanceof ParameterizedType ? type : ((Class<?>) type).getGenericSuperclass();
        return ((ParameterizedType) generic).getActualTypeArguments()[0];
    }
}
