package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import io.millrace.streams.Accumulators;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Windowed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The types every job knows, under ids that never change: append only, the places are part of the stored form. */
final class JdkTypes {

    /** Kryo itself takes 0 to 9 for primitives, their boxes and String. */
    private static final int FIRST_ID = 10;

    /** Places behind the JDK's for Millrace's own records. */
    static final int FIRST_OWN_ID = 96;

    private static final List<Class<?>> JDK = List.of(
            byte[].class,
            int[].class,
            long[].class,
            double[].class,
            float[].class,
            boolean[].class,
            short[].class,
            char[].class,
            String[].class,
            Object[].class,
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            PriorityQueue.class,
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            EnumSet.class,
            BitSet.class,
            List.of().getClass(),
            List.of(1).getClass(),
            Set.of().getClass(),
            Set.of(1).getClass(),
            Map.of().getClass(),
            Map.of(1, 1).getClass(),
            Arrays.asList(1).getClass(),
            Collections.emptyList().getClass(),
            Collections.emptySet().getClass(),
            Collections.emptyMap().getClass(),
            Collections.singletonList(1).getClass(),
            Collections.singleton(1).getClass(),
            Collections.singletonMap(1, 1).getClass(),
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Date.class,
            Currency.class,
            Locale.class,
            Duration.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            ZoneOffset.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class);

    /** Records; their shape must not change, as it is not written anywhere. */
    static final List<Class<?>> OWN;

    static {
        OWN = new ArrayList<>(Accumulators.types());
        OWN.add(Windowed.class);
        OWN.add(KeyValue.class);
    }

    private JdkTypes() {}

    static void register(Kryo kryo, Immutability immutability) {
        kryo.addDefaultSerializer(Arrays.asList(1).getClass(), DefaultSerializers.ArraysAsListSerializer.class);
        kryo.addDefaultSerializer(UUID.class, DefaultSerializers.UUIDSerializer.class);
        for (int i = 0; i < JDK.size(); i++) {
            kryo.register(JDK.get(i), FIRST_ID + i);
        }
        for (int i = 0; i < OWN.size(); i++) {
            Class<?> type = OWN.get(i);
            TypeEntry entry = TypeShapes.describe(type, false, Set.of());
            kryo.register(type, new RecordSerializer(type, entry, immutability), FIRST_OWN_ID + i);
        }
    }
}
