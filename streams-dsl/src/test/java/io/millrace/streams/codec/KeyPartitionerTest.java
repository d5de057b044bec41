package io.millrace.streams.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Windowed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyPartitionerTest {

    private final StateKeyCodec keys =
            new StateKeyCodec(new TypeRegistry(getClass().getClassLoader(), Set.of()));

    /** The facts that Kafka's own tests state for its Utils.murmur2. */
    @Test
    void hashesAsKafka() {
        assertThat(hash("21")).isEqualTo(-973932308);
        assertThat(hash("foobar")).isEqualTo(-790332482);
        assertThat(hash("a-little-bit-long-string")).isEqualTo(-985981536);
        assertThat(hash("a-little-bit-longer-string")).isEqualTo(-1486304829);
        assertThat(hash("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")).isEqualTo(-58897971);
        assertThat(Murmur2.hash(new byte[] {'a', 'b', 'c'}, 0, 3)).isEqualTo(479470107);
    }

    @Test
    void hashesAPartOfAnArray() {
        assertThat(Murmur2.hash("xfoobary".getBytes(StandardCharsets.UTF_8), 1, 6))
                .isEqualTo(-790332482);
    }

    @Test
    void takesThePartitionsInTurnForRecordsWithoutKey() {
        KeyRouter router = new KeyRouter(null, keys, 3);
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            partitions.add(router.partition(null));
        }

        assertThat(partitions).containsExactly(0, 1, 2, 0);
    }

    @Test
    void sendsAWindowedKeyWhereItsInnerKeyGoes() {
        for (int i = 0; i < 100; i++) {
            String key = "key-" + i;
            Windowed<String> windowed = new Windowed<>(key, i, i + 10);
            Codec<Windowed<String>> codec = Codecs.windowed(Codecs.string(), 10);
            int expected =
                    KeyPartitioner.partition(Codecs.string(), Codecs.string().encode(key), 0, 7);

            assertThat(KeyPartitioner.partition(codec, codec.encode(windowed), 0, 7))
                    .isEqualTo(expected);
            assertThat(keys.partition(windowed, 7)).isEqualTo(expected);
        }
    }

    @Test
    void sendsARecordWhereItsCodecSays() {
        record Place(String country, String city) {}
        Codec<Place> codec = Codecs.json(Place.class);
        Place place = new Place("FR", "Paris");

        assertThat(new KeyRouter(codec, keys, 1000).partition(place))
                .isEqualTo(KeyPartitioner.partition(codec, codec.encode(place), 0, 1000));
    }

    private static int hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Murmur2.hash(bytes, 0, bytes.length);
    }
}
