import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message or a struct in it; the versions are those in which it can occur. */
record Struct(
        String name,
        Versions versions,
        Versions flexible,
        String apiKey,
        String type,
        List<Field> fields,
        List<Struct> nested) {
    static Struct of(Map<String, Object> schema) {
        Versions versions = Versions.of(schema.get("validVersions"));
        Versions flexible = Versions.of(schema.get("flexibleVersions"));
        boolean sent = "response".equals(schema.get("type"));
        return of(schema, versions, flexible, sent, Json.objects(schema.get("commonStructs")));
    }

    private static Struct of(
            Map<String, Object> schema,
            Versions versions,
            Versions flexible,
            boolean sent,
            List<Map<String, Object>> shared) {
        List<Field> fields = new ArrayList<>();
        List<Struct> nested = new ArrayList<>();
        for (Map<String, Object> struct : shared) {
            nested.add(of(struct, versions.within(Versions.of(struct.get("versions"))), flexible, sent, List.of()));
        }
        for (Map<String, Object> field : Json.objects(schema.get("fields"))) {
            fields.add(Field.of(field, versions, flexible, sent));
            if (field.containsKey("fields")) {
                Map<String, Object> struct = new LinkedHashMap<>(field);
                struct.put("name", field.get("type").toString().replace("[]", ""));
                nested.add(of(struct, versions.within(Field.present(field)), flexible, sent, List.of()));
            }
        }
        return new Struct(
                schema.get("name").toString(),
                versions,
                flexible.within(versions),
                (String) schema.get("apiKey"),
                (String) schema.get("type"),
                fields,
                nested);
    }
}
