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
    private final Object[] getters;
    private final MethodHandle constructor;

    private RecordShape(Class<?> type, Class<?>[] types, Object[] getters, MethodHandle constructor) {
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
    @SuppressWarnings("unchecked")
    Object object(int component, Object value) {
        Object getter = getters[component];
        if (getter instanceof ToLongFunction) {
            return longAt(component, value);
        } else if (getter instanceof ToIntFunction) {
            return intAt(component, value);
        } else if (getter instanceof ToDoubleFunction) {
            return doubleAt(component, value);
        }
        return ((Function<Object, Object>) getter).apply(value);
    }

    @SuppressWarnings("unchecked")
    long longAt(int component, Object value) {
        return ((ToLongFunction<Object>) getters[component]).applyAsLong(value);
    }

    @SuppressWarnings("unchecked")
    int intAt(int component, Object value) {
        return ((ToIntFunction<Object>) getters[component]).applyAsInt(value);
    }

    @SuppressWarnings("unchecked")
    double doubleAt(int component, Object value) {
        return ((ToDoubleFunction<Object>) getters[component]).applyAsDouble(value);
    }

    /** A compiled call of the accessor: several times as fast as a method handle that is no constant. */
    private static Object getter(
            MethodHandles.Lookup lookup, Class<?> type, RecordComponent component, Class<?> componentType)
            throws ReflectiveOperationException {
        Class<?> function = Function.class;
        String method = "apply";
        Class<?> answer = Object.class;
        if (componentType == long.class) {
            function = ToLongFunction.class;
            method = "applyAsLong";
            answer = long.class;
        } else if (componentType == int.class) {
            function = ToIntFunction.class;
            method = "applyAsInt";
            answer = int.class;
        } else if (componentType == double.class) {
            function = ToDoubleFunction.class;
            method = "applyAsDouble";
            answer = double.class;
        }
        Class<?> boxed = answer.isPrimitive()
                ? answer
                : MethodType.methodType(componentType).wrap().returnType();
        try {
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            MethodType.methodType(answer, Object.class),
                            lookup.unreflect(component.getAccessor()),
                            MethodType.methodType(boxed, type))
                    .getTarget()
                    .invoke();
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }
}
