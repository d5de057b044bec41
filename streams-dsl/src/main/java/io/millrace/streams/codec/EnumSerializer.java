package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Enum constants as their place in one stored shape of their class; found again by name. */
final class EnumSerializer extends Serializer<Object> {

    private final TypeEntry entry;
    private final @Nullable Object[] constants;

    EnumSerializer(Class<?> type, TypeEntry entry) {
        super(false, true);
        this.entry = entry;
        this.constants = new Object[entry.parts().size()];
        for (Object constant : type.getEnumConstants()) {
            for (int i = 0; i < constants.length; i++) {
                if (entry.parts().get(i).name().equals(((Enum<?>) constant).name())) {
                    constants[i] = constant;
                }
            }
        }
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // the names behind the numbers are stored with the type id
    public void write(Kryo kryo, Output out, Object value) {
        out.writeVarInt(((Enum<?>) value).ordinal(), true);
    }

    @Override
    public Object read(Kryo kryo, Input in, Class<?> type) {
        int place = in.readVarInt(true);
        Object constant = place < constants.length ? constants[place] : null;
        if (constant == null) {
            throw new TypeException("a stored value is the constant number " + place + " of " + entry.className()
                    + ", which was " + entry.parts() + " then. Bring the constant back, or reset the job");
        }
        return constant;
    }
}
