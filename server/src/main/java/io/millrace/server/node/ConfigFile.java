package io.millrace.server.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.server.command.CommandRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node's YAML file as keys and values. Keys may be written flat or nested: {@code log.retention.ms: 1000} is the same as
 * {@code log: {retention: {ms: 1000}}}. Lists become values with commas.
 */
final class ConfigFile {

    private ConfigFile() {}

    /** @throws CommandRefused if it cannot be read, is no YAML of that form, or says a key twice */
    static Map<String, String> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandRefused("the configuration " + file + " cannot be read.");
        }
        Map<String, String> keys = new TreeMap<>();
        try {
            YAMLMapper yaml = YAMLMapper.builder()
                    .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            JsonNode root = yaml.readTree(Files.readAllBytes(file));
            if (root.isMissingNode() || root.isNull()) {
                return keys;
            }
            if (!root.isObject()) {
                throw new CommandRefused(file + " must hold keys and values, such as 'log.retention.hours: 24'.");
            }
            flatten("", root, keys);
        } catch (JacksonException e) {
            throw new CommandRefused(file + " is no YAML: " + e.getOriginalMessage() + at(e) + ".");
        }
        return keys;
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> keys) {
        node.properties().forEach(field -> {
            String key = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                flatten(key + ".", value, keys);
            } else if (keys.put(key, text(value)) != null) {
                throw new CommandRefused("the configuration says " + key + " twice.");
            }
        });
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.isNull() ? "" : value.asText();
        }
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(element.asText()));
        return String.join(",", elements);
    }
}
