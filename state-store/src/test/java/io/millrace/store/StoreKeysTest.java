package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of keys, which outlive versions of Millrace in changelogs and in the stores below. */
class StoreKeysTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int ID = 0x01020384;

    @Test
    void keepTheirStoredForm() {
        assertThat(StoreKeys.storeId("añ")).as("CRC-32C of the name in UTF-8").isEqualTo(0x93492f67);
        assertThat(hex(StoreKeys.idPrefix(ID))).isEqualTo("01020384");
        assertThat(hex(StoreKeys.timeKey(ID, 5, new byte[] {9}))).isEqualTo("01020384" + "8000000000000005" + "09");
        assertThat(hex(StoreKeys.timePrefix(ID, -1))).isEqualTo("01020384" + "7fffffffffffffff");
        assertThat(hex(StoreKeys.bucketKey(ID, TestCodecs.STRINGS, "k", 1024 + 0x0203, 7)))
                .isEqualTo("01020384" + "8000000000000400" + "6b" + "0203" + "0000000000000007");
        assertThat(hex(StoreKeys.bucketKey(ID, TestCodecs.STRINGS, "k", -1, -1)))
                .isEqualTo("01020384" + "7ffffffffffffc00" + "6b" + "03ff" + "ffffffffffffffff");
    }

    @Test
    void areReadBackPartByPart() {
        byte[] key = StoreKeys.bucketKey(ID, TestCodecs.STRINGS, "key", -1500, 0x0102030405060708L);

        assertThat(StoreKeys.storeIdOf(key)).isEqualTo(ID);
        assertThat(StoreKeys.timeOf(key)).as("where the bucket begins").isEqualTo(-2048);
        assertThat(StoreKeys.bucketTimeOf(key)).isEqualTo(-1500);
        assertThat(StoreKeys.arrivalOf(key)).isEqualTo(0x0102030405060708L);
        assertThat(TestCodecs.STRINGS.decode(StoreKeys.bucketUserKey(key))).isEqualTo("key");
        assertThatThrownBy(() -> StoreKeys.storeIdOf(new byte[3])).hasMessageContaining("3 bytes has no store id");
    }

    /** The CRC of nothing is 0. */
    @Test
    void refuseANameWithAReservedId() {
        assertThatThrownBy(() -> StoreKeys.storeId("")).hasMessageContaining("reserved id; use another name");
    }

    @Test
    void areInOrderOfTimeBelowZeroToo() {
        long[] timesMs = {Long.MIN_VALUE, -1025, -1024, -1, 0, 1, 255, 256, 1024, Long.MAX_VALUE};
        for (int i = 1; i < timesMs.length; i++) {
            assertThat(Arrays.compareUnsigned(
                            StoreKeys.timePrefix(ID, timesMs[i - 1]), StoreKeys.timePrefix(ID, timesMs[i])))
                    .as("%d before %d", timesMs[i - 1], timesMs[i])
                    .isNegative();
        }
    }

    @Test
    void haveBoundsRightAboveThem() {
        assertThat(hex(StoreKeys.above(new byte[] {1, 2}))).isEqualTo("0103");
        assertThat(hex(StoreKeys.above(new byte[] {1, -1, -1}))).isEqualTo("02");
        assertThat(StoreKeys.above(new byte[] {-1})).isEmpty();
        assertThat(hex(StoreKeys.successor(new byte[] {1, -1}))).isEqualTo("01ff00");
    }

    @Test
    void nameEachStoreWithItsKindInTheStoreTable() {
        assertThat(StoreTable.describe(TestCodecs.spec("counts", StoreSpec.Kind.MULTIMAP)))
                .isEqualTo("MULTIMAP counts");
    }

    private static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }
}
