package io.millrace.streams.codec;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** How to take a record apart and put it together. Immutable. */
final class RecordShape {

    private final Class<?> type;
    private final Class<?>[] types;

    /** Of each component the one that its type asks for; the other arrays have null there. */
    private final @Nullable Function<Object, Object>[] objects;

    private final @Nullable ToLongFunction<Object>[] longs;
    private final @Nullable ToIntFunction<Object>[] ints;
    private final @Nullable ToDoubleFunction<Object>[] doubles;
    private final MethodHandle constructor;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private RecordShape(Class<?> type, Class<?>[] types, Object[] getters, MethodHandle constructor) {
        this.type = type;
        this.types = types;
        this.objects = new Function[types.length];
        this.longs = new ToLongFunction[types.length];
        this.ints = new ToIntFunction[types.length];
        this.doubles = new ToDoubleFunction[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == long.class) {
                longs[i] = (ToLongFunction<Object>) getters[i];
            } else if (types[i] == int.class) {
                ints[i] = (ToIntFunction<Object>) getters[i];
            } else if (types[i] == double.class) {
                doubles[i] = (ToDoubleFunction<Object>) getters[i];
            } else {
                objects[i] = (Function<Object, Object>) getters[i];
            }
        }
        this.constructor = constructor;
    }

    static RecordShape of(Class<?> type) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] getters = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                getters[i] = getter(lookup, type, components[i], types[i]);
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
        Function<Object, Object> getter = objects[component];
        if (getter != null) {
            return getter.apply(value);
        } else if (types[component] == long.class) {
            return longAt(component, value);
        } else if (types[component] == int.class) {
            return intAt(component, value);
        }
        return doubleAt(component, value);
    }

    @SuppressWarnings("NullAway") // callers ask by the component's type
    long longAt(int component, Object value) {
        return longs[component].applyAsLong(value);
    }

    @SuppressWarnings("NullAway") // callers ask by the component's type
    int intAt(int component, Object value) {
        return ints[component].applyAsInt(value);
    }

    @SuppressWarnings("NullAway") // callers ask by the component's type
    double doubleAt(int component, Object value) {
        return doubles[component].applyAsDouble(value);
    }

    /** A compiled call of the accessor: several times as fast as a method handle that is no constant. */
    private static Object getter(
            MethodHandles.Lookup lookup, Class<?> type, RecordComponent component, Class<?> componentType)
            throws ReflectiveOperationException {
        MethodHandle accessor = lookup.unreflect(component.getAccessor());
        if (!lookup.hasFullPrivilegeAccess()) {
            return slowGetter(accessor, componentType);
        }
        if (componentType == long.class) {
            return compiled(lookup, accessor, ToLongFunction.class, "applyAsLong", long.class, type);
        } else if (componentType == int.class) {
            return compiled(lookup, accessor, ToIntFunction.class, "applyAsInt", int.class, type);
        } else if (componentType == double.class) {
            return compiled(lookup, accessor, ToDoubleFunction.class, "applyAsDouble", double.class, type);
        }
        return compiled(lookup, accessor, Function.class, "apply", Object.class, type);
    }

    private static Object compiled(
            MethodHandles.Lookup lookup,
            MethodHandle accessor,
            Class<?> function,
            String method,
            Class<?> answer,
            Class<?> type)
            throws ReflectiveOperationException {
        MethodType exact = MethodType.methodType(
                answer.isPrimitive() ? answer : accessor.type().wrap().returnType(), type);
        try {
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            MethodType.methodType(answer, Object.class),
                            accessor,
                            exact)
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    /** For classes of another class loader's module, into which nothing may be compiled. */
    private static Object slowGetter(MethodHandle accessor, Class<?> componentType) {
        if (componentType == long.class) {
            MethodHandle exact = accessor.asType(MethodType.methodType(long.class, Object.class));
            return (ToLongFunction<Object>) value -> called(() -> (long) exact.invokeExact(value));
        } else if (componentType == int.class) {
            MethodHandle exact = accessor.asType(MethodType.methodType(int.class, Object.class));
            return (ToIntFunction<Object>) value -> called(() -> (int) exact.invokeExact(value));
        } else if (componentType == double.class) {
            MethodHandle exact = accessor.asType(MethodType.methodType(double.class, Object.class));
            return (ToDoubleFunction<Object>) value -> called(() -> (double) exact.invokeExact(value));
        }
        MethodHandle exact = accessor.asType(MethodType.methodType(Object.class, Object.class));
        return (Function<Object, Object>) value -> called(() -> (Object) exact.invokeExact(value));
    }

    private interface Call<T> {
        T call() throws Throwable;
    }

    private static <T> T called(Call<T> accessor) {
        try {
            return accessor.call();
        } catch (Throwable e) {
            throw new TypeException("an accessor of a record threw", e);
        }
    }
}
