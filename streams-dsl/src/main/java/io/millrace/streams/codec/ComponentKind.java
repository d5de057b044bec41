package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one component of a record is written, by its declared type. The layouts are part of the stored form. */
enum ComponentKind {
    BOOLEAN(false) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeBoolean((boolean) nonNull(shape.object(component, owner)));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readBoolean();
        }
    },
    BYTE((byte) 0) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeByte((byte) nonNull(shape.object(component, owner)));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readByte();
        }
    },
    SHORT((short) 0) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeShort((short) nonNull(shape.object(component, owner)));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readShort();
        }
    },
    CHAR((char) 0) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeChar((char) nonNull(shape.object(component, owner)));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readChar();
        }
    },
    INT(0) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeVarInt(shape.intAt(component, owner), false);
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readVarInt(false);
        }
    },
    LONG(0L) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeVarLong(shape.longAt(component, owner), false);
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readVarLong(false);
        }
    },
    FLOAT(0f) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeFloat((float) nonNull(shape.object(component, owner)));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readFloat();
        }
    },
    DOUBLE(0.0) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeDouble(shape.doubleAt(component, owner));
        }

        @Override
        Object read(Kryo kryo, Input in) {
            return in.readDouble();
        }
    },
    STRING(null) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            out.writeString((String) shape.object(component, owner));
        }

        @Override
        @Nullable
        Object read(Kryo kryo, Input in) {
            return in.readString();
        }
    },
    /** With the id of its class, so that it may be of any allowed type. */
    OBJECT(null) {
        @Override
        void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner) {
            kryo.writeClassAndObject(out, shape.object(component, owner));
        }

        @Override
        @Nullable
        Object read(Kryo kryo, Input in) {
            return kryo.readClassAndObject(in);
        }
    };

    /** What a component is that was not stored: zero or null. */
    @SuppressWarnings("ImmutableEnumChecker") // boxed zeros
    final @Nullable Object missing;

    ComponentKind(@Nullable Object missing) {
        this.missing = missing;
    }

    abstract void write(Kryo kryo, Output out, RecordShape shape, int component, Object owner);

    abstract @Nullable Object read(Kryo kryo, Input in);

    /** By the JVM name of the declared type. */
    static ComponentKind of(String type) {
        return switch (type) {
            case "boolean" -> BOOLEAN;
            case "byte" -> BYTE;
            case "short" -> SHORT;
            case "char" -> CHAR;
            case "int" -> INT;
            case "long" -> LONG;
            case "float" -> FLOAT;
            case "double" -> DOUBLE;
            case "java.lang.String" -> STRING;
            default -> OBJECT;
        };
    }

    private static Object nonNull(@Nullable Object primitive) {
        return Objects.requireNonNull(primitive);
    }
}
