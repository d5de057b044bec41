package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Stands for a class that is stored but no longer on the class path. */
final class GoneSerializer extends Serializer<Object> {

    private final TypeEntry entry;

    GoneSerializer(TypeEntry entry) {
        this.entry = entry;
    }

    @Override
    public void write(Kryo kryo, Output out, Object value) {
        throw gone();
    }

    @Override
    public Object read(Kryo kryo, Input in, Class<?> type) {
        throw gone();
    }

    private TypeException gone() {
        return new TypeException(
                "a stored value is of the class " + entry.className()
                        + ", which is not on the class path. Bring it back, if only as a record with the same name, or reset the job");
    }
}
