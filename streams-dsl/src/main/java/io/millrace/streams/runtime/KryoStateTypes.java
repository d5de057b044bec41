package io.millrace.streams.runtime;

import io.millrace.streams.codec.KryoValueCodec;
import io.millrace.streams.codec.StateKeyCodec;
import io.millrace.streams.codec.TypeEntry;
import io.millrace.streams.codec.TypeRegistry;
import java.util.List;
import java.util.Set;

/** State in Kryo with registered types: what every job uses. Shared by its lanes. */
public final class KryoStateTypes implements StateTypes {

    private final TypeRegistry registry;
    private final KeyClasses keyClasses = new KeyClasses();

    /**
     * @param loader finds the classes of stored values
     * @param declared classes that are allowed although they are no records, enums or members of sealed hierarchies
     */
    public KryoStateTypes(ClassLoader loader, Set<Class<?>> declared) {
        registry = new TypeRegistry(loader, declared);
    }

    @Override
    public void install(byte[] description) {
        registry.install(TypeEntry.decode(description));
    }

    @Override
    public List<NewType> takeNew() {
        return registry.drainNew().stream()
                .map(entry -> new NewType(entry.id(), entry.encode()))
                .toList();
    }

    @Override
    public KeyClasses keyClasses() {
        return keyClasses;
    }

    @Override
    public StateCodecs newCodecs() {
        return new StateCodecs(new StateKeyCodec(registry), new KryoValueCodec(registry));
    }
}
