package io.millrace.streams.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** How to take a record apart and put it together. Immutable. */
final class RecordShape {

    private final Class<?> type;
    private final Class<?>[] types;
    private final MethodHandle[] getters;
    private final MethodHandle constructor;

    private RecordShape(Class<?> type, Class<?>[] types, MethodHandle[] getters, MethodHandle constructor) {
        this.type = type;
        this.types = types;
        this.getters = getters;
        this.constructor = constructor;
    }

    static RecordShape of(Class<?> type) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            MethodHandle[] getters = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Class<?> seenAs = types[i].isPrimitive() ? types[i] : Object.class;
                getters[i] = lookup.unreflect(components[i].getAccessor())
                        .asType(MethodType.methodType(seenAs, Object.class));
            }
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            return new RecordShape(type, types, getters, constructor);
        } catch (ReflectiveOperationException e) {
            throw new TypeException(
                    "the record " + type.getName()
                            + " cannot be read by reflection; open its package to io.millrace.streams in its module-info",
                    e);
        }
    }

    int size() {
        return types.length;
    }

    Class<?> type(int component) {
        return types[component];
    }

    Object create(@Nullable Object[] values) {
        try {
            return (Object) constructor.invokeExact(values);
        } catch (Throwable e) {
            throw new TypeException("the constructor of " + type.getName() + " refused what it had accepted before", e);
        }
    }

    @Nullable
    Object object(int component, Object value) {
        try {
            return types[component].isPrimitive()
                    ? getters[component].invoke(value)
                    : (Object) getters[component].invokeExact(value);
        } catch (Throwable e) {
            throw unreadable(component, e);
        }
    }

    long longAt(int component, Object value) {
        try {
            return (long) getters[component].invokeExact(value);
        } catch (Throwable e) {
            throw unreadable(component, e);
        }
    }

    int intAt(int component, Object value) {
        try {
            return (int) getters[component].invokeExact(value);
        } catch (Throwable e) {
            throw unreadable(component, e);
        }
    }

    double doubleAt(int component, Object value) {
        try {
            return (double) getters[component].invokeExact(value);
        } catch (Throwable e) {
            throw unreadable(component, e);
        }
    }

    private TypeException unreadable(int component, Throwable cause) {
        return new TypeException("component " + component + " of " + type.getName() + " cannot be read", cause);
    }
}
