package io.millrace.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.StateStoreException;
import io.millrace.store.StorePosition;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of the position in a store, which the next version of Millrace finds there. */
class PositionCodecTest {

    private static final StorePosition POSITION =
            new StorePosition(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 17, 3, 5);
    private static final byte[] BYTES = HexFormat.of()
            .parseHex("01" + "00112233445566778899aabbccddeeff" + "0000000000000011" + "00000003" + "0000000000000005");

    @Test
    void keepsItsStoredForm() {
        assertThat(PositionCodec.encode(POSITION)).isEqualTo(BYTES);
        assertThat(PositionCodec.decode(BYTES)).isEqualTo(POSITION);
    }

    @Test
    void refusesAnotherVersionOrLength() {
        byte[] newer = BYTES.clone();
        newer[0] = 2;

        for (byte[] other : new byte[][] {newer, new byte[0], new byte[BYTES.length + 1]}) {
            assertThatThrownBy(() -> PositionCodec.decode(other))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageContaining("Remove the state directory");
        }
    }
}
