package io.millrace.streams.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one type id stands for: a class as it was when the id was assigned. Written by the job in the epoch that first used it.
 *
 * <pre>
 *   version (1 byte) | id (4) | kind (1) | key (1) | class name (2 + n, modified UTF-8)
 *   | part count (4) | per part: name (2 + n), type (2 + n)
 * </pre>
 *
 * @param id stands for the class in every stored value, never given to another
 * @param kind how its values are laid out
 * @param key whether it is part of keys, which must not change
 * @param className of the JVM
 * @param parts components of a record, constants of an enum, fields of another class
 */
public record TypeEntry(int id, Kind kind, boolean key, String className, List<Part> parts) {

    private static final int VERSION = 1;

    /** The layouts. Their order is part of the stored form. */
    public enum Kind {
        RECORD,
        ENUM,
        CLASS,
        ARRAY
    }

    /** A component, constant or field, with the JVM name of its type; a constant has none. */
    public record Part(String name, String type) {}

    public TypeEntry {
        parts = List.copyOf(parts);
    }

    /** Whether both describe a class in the same way. */
    boolean sameShape(TypeEntry other) {
        return kind == other.kind && key == other.key && className.equals(other.className) && parts.equals(other.parts);
    }

    @SuppressWarnings("EnumOrdinal") // the order of kinds is fixed
    public byte[] encode() {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(id);
            out.writeByte(kind.ordinal());
            out.writeBoolean(key);
            out.writeUTF(className);
            out.writeInt(parts.size());
            for (Part part : parts) {
                out.writeUTF(part.name());
                out.writeUTF(part.type());
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the description of " + className + " cannot be written", e);
        }
    }

    /** @throws IllegalArgumentException if these are not the bytes of an entry */
    public static TypeEntry decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "a type entry of version " + version + "; this program knows " + VERSION);
            }
            int id = in.readInt();
            Kind kind = Kind.values()[in.readByte()];
            boolean key = in.readBoolean();
            String className = in.readUTF();
            int count = in.readInt();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                parts.add(new Part(in.readUTF(), in.readUTF()));
            }
            return new TypeEntry(id, kind, key, className, parts);
        } catch (IOException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a type entry: " + bytes.length + " bytes", e);
        }
    }
}
