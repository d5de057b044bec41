package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.net.FrameReader.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

    private static final int FRAME_BYTES_MAX = 8 << 20;

    private final List<Integer> taken = new ArrayList<>();
    private boolean hasRoom = true;
    private final FrameReader frames = new FrameReader(FRAME_BYTES_MAX, count -> {
        if (hasRoom) {
            taken.add(count);
        }
        return hasRoom;
    });

    @Test
    void framesAreCutInWhateverPiecesTheyCome() {
        long seed = 5;
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            byte[] frame = new byte[random.nextInt(2000)];
            random.nextBytes(frame);
            sent.add(frame);
            all.writeInt(frame.length).writeBytes(frame);
        }
        List<byte[]> cut = new ArrayList<>();
        while (all.isReadable()) {
            ByteBuf piece = all.readSlice(Math.min(all.readableBytes(), 1 + random.nextInt(700)));
            while (frames.read(piece) == Progress.WHOLE) {
                cut.add(frames.frame());
            }
        }
        assertThat(cut).as("seed %d", seed).hasSize(sent.size());
        for (int i = 0; i < cut.size(); i++) {
            assertThat(cut.get(i)).as("seed %d, frame %d", seed, i).isEqualTo(sent.get(i));
        }
    }

    @Test
    void memoryIsTakenForWhatCameAndNotForWhatIsClaimed() {
        ByteBuf in = Unpooled.buffer().writeInt(FRAME_BYTES_MAX);
        assertThat(frames.read(in)).isEqualTo(Progress.NEEDS_BYTES);
        assertThat(frames.takenBytes()).isZero();

        in.writeByte(0);
        assertThat(frames.read(in)).isEqualTo(Progress.NEEDS_BYTES);
        assertThat(frames.takenBytes()).isEqualTo(FrameReader.FIRST_BYTES);

        for (int come = 1; come < FRAME_BYTES_MAX; ) {
            int more = Math.min(100_000, FRAME_BYTES_MAX - come);
            in.writeBytes(new byte[more]);
            come += more;
            assertThat(frames.read(in)).isEqualTo(come < FRAME_BYTES_MAX ? Progress.NEEDS_BYTES : Progress.WHOLE);
            assertThat(frames.takenBytes()).as("after %d", come).isBetween(come, Math.max(4 * come, 1));
        }
        assertThat(frames.readBytes()).isEqualTo(FRAME_BYTES_MAX);
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(FRAME_BYTES_MAX);
        assertThat(frames.frame()).hasSize(FRAME_BYTES_MAX);
    }

    @Test
    void withoutRoomNothingMoreIsTaken() {
        hasRoom = false;
        ByteBuf in = Unpooled.buffer().writeInt(3).writeBytes(new byte[] {1, 2, 3});
        assertThat(frames.read(in)).isEqualTo(Progress.NEEDS_ROOM);
        assertThat(in.readableBytes()).isEqualTo(3);

        hasRoom = true;
        assertThat(frames.read(in)).isEqualTo(Progress.WHOLE);
        assertThat(frames.frame()).containsExactly(1, 2, 3);
    }

    @Test
    void aLengthThatNoneCanHaveIsRefused() {
        assertThatThrownBy(() -> frames.read(Unpooled.buffer().writeInt(-1)))
                .isInstanceOf(FrameLengthException.class)
                .hasMessageContaining("socket.request.max.bytes");
        assertThatThrownBy(() -> new FrameReader(10, count -> true)
                        .read(Unpooled.buffer().writeInt(11)))
                .isInstanceOf(FrameLengthException.class);
    }
}
