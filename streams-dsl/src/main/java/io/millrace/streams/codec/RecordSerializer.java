package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Records as one stored shape of their class: the components in the order of that shape. Writes only if the shape is the
 * present one; reads older ones by the names of the components, skipping those the class has lost and filling in zero or null
 * for those it has gained.
 */
final class RecordSerializer extends Serializer<Object> {

    private static final int LOST = -1;

    private final RecordShape shape;
    private final ComponentKind[] stored;
    private final int[] places;
    private final @Nullable Object[] initial;
    private final Immutability immutability;

    RecordSerializer(Class<?> type, TypeEntry entry, Immutability immutability) {
        super(false, immutability.isImmutable(type));
        this.shape = RecordShape.of(type);
        this.immutability = immutability;
        this.stored = new ComponentKind[entry.parts().size()];
        this.places = new int[stored.length];
        this.initial = new Object[shape.size()];
        for (int i = 0; i < initial.length; i++) {
            initial[i] = ComponentKind.of(shape.type(i).getName()).missing;
        }
        for (int i = 0; i < stored.length; i++) {
            TypeEntry.Part part = entry.parts().get(i);
            stored[i] = ComponentKind.of(part.type());
            places[i] = place(type, part, stored[i]);
        }
    }

    private int place(Class<?> type, TypeEntry.Part part, ComponentKind storedKind) {
        var components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(part.name())) {
                String now = components[i].getType().getName();
                if (ComponentKind.of(now) != storedKind) {
                    throw new TypeException("component " + part.name() + " of " + type.getName() + " was stored as "
                            + part.type() + " and is now " + now
                            + ". Give the component another name, so that the old one is skipped, or reset the job");
                }
                return i;
            }
        }
        return LOST;
    }

    @Override
    public void write(Kryo kryo, Output out, Object value) {
        for (int i = 0; i < stored.length; i++) {
            stored[i].write(kryo, out, shape, i, value);
        }
    }

    @Override
    public Object read(Kryo kryo, Input in, Class<?> type) {
        @Nullable Object[] values = initial.clone();
        for (int i = 0; i < stored.length; i++) {
            Object value = stored[i].read(kryo, in);
            if (places[i] != LOST) {
                values[places[i]] = value;
            }
        }
        return shape.create(values);
    }

    /** The same record if nothing in it can change. */
    @Override
    public Object copy(Kryo kryo, Object original) {
        @Nullable Object[] values = new Object[shape.size()];
        boolean changed = false;
        for (int i = 0; i < values.length; i++) {
            Object value = shape.object(i, original);
            values[i] = value == null || immutability.isImmutable(value.getClass()) ? value : kryo.copy(value);
            changed |= values[i] != value && !shape.type(i).isPrimitive();
        }
        return changed ? shape.create(values) : original;
    }
}
