package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ObjectArraySerializer;
import com.esotericsoftware.kryo.serializers.FieldSerializer;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.util.EnumSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks the job's registry for the classes Kryo does not know yet, in both directions. Owned by one lane. */
final class RegistryResolver extends DefaultClassResolver {

    /** Kryo writes ids with this added, as it needs two small numbers for itself. */
    private static final int ID_SHIFT = 2;

    private final TypeRegistry types;
    private final Immutability immutability;
    private boolean ready;

    RegistryResolver(TypeRegistry types, Immutability immutability) {
        this.types = types;
        this.immutability = immutability;
    }

    /** From now on unknown classes are the registry's; before, Kryo registers what it brings along. */
    void setReady() {
        ready = true;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Kryo declares it
    public @Nullable Registration getRegistration(Class type) {
        Registration known = super.getRegistration(type);
        if (known != null || !ready) {
            return known;
        }
        Class<?> stored = stored(type);
        Registration registration = super.getRegistration(stored);
        if (registration == null) {
            int id = types.id(stored, false);
            registration = new Registration(stored, serializer(stored, types.entry(id)), id);
            super.register(registration);
        }
        // An EnumSet's or constant's own class, found at once the next time.
        classToRegistration.put(type, registration);
        return registration;
    }

    @Override
    public @Nullable Registration readClass(Input input) {
        int position = input.position();
        int id = input.readVarInt(true) - ID_SHIFT;
        if (id < TypeRegistry.FIRST_ID) {
            input.setPosition(position);
            return super.readClass(input);
        }
        Registration known = idToRegistration.get(id);
        return known == null ? install(types.entry(id)) : known;
    }

    private Registration install(TypeEntry entry) {
        Class<?> type = types.find(entry);
        Registration registration = type == null
                ? new Registration(Object.class, new GoneSerializer(entry), entry.id())
                : new Registration(type, serializer(type, entry), entry.id());
        idToRegistration.put(entry.id(), registration);
        return registration;
    }

    private Serializer<?> serializer(Class<?> type, TypeEntry entry) {
        checkKind(type, entry);
        return switch (entry.kind()) {
            case RECORD -> new RecordSerializer(type, entry, immutability);
            case ENUM -> new EnumSerializer(type, entry);
            case ARRAY -> new ObjectArraySerializer(Objects.requireNonNull(kryo), type);
            case CLASS -> new FieldSerializer<>(Objects.requireNonNull(kryo), type);
        };
    }

    private void checkKind(Class<?> type, TypeEntry entry) {
        boolean asStored =
                switch (entry.kind()) {
                    case RECORD -> type.isRecord();
                    case ENUM -> type.isEnum();
                    case ARRAY -> type.isArray();
                    case CLASS -> types.hasShape(type, entry);
                };
        if (!asStored) {
            throw new TypeException(
                    "the class " + entry.className() + " was stored as " + entry.kind() + " " + entry.parts()
                            + " and is something else now. Bring the old form back under this name, or reset the job");
        }
    }

    private static Class<?> stored(Class<?> type) {
        if (EnumSet.class.isAssignableFrom(type)) {
            return EnumSet.class;
        }
        boolean constant = Enum.class.isAssignableFrom(type) && !type.isEnum() && type != Enum.class;
        return constant ? type.getSuperclass() : type;
    }
}
