package io.millrace.broker.net;

import io.millrace.broker.Session;
import io.millrace.log.FileLease;
import io.millrace.log.FileSlice;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteSlices;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Payload;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.BooleanSupplier;

/** Writes frames to a socket, records from where the log has them. On the socket's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the connection
final class SocketSender implements Session.Sender {

    private final ChannelHandlerContext channel;
    private final Runnable onRoom;
    private final BooleanSupplier nodeIsCongested;
    /** Parts of files that are on their way; Netty does not count them when it says whether a socket keeps up. */
    private int unsentRegions;

    /**
     * @param onRoom called when there is room again, unless the socket or the node says so itself
     * @param nodeIsCongested whether the node takes no further request
     */
    SocketSender(ChannelHandlerContext channel, Runnable onRoom, BooleanSupplier nodeIsCongested) {
        this.channel = channel;
        this.onRoom = onRoom;
        this.nodeIsCongested = nodeIsCongested;
    }

    @Override
    public void send(ByteWriter frame) {
        int position = 0;
        for (ByteWriter.Detached detached : frame.detached()) {
            write(frame.bytes(), position, detached.position() - position);
            write(detached.payload());
            position = detached.position();
        }
        write(frame.bytes(), position, frame.size() - position);
    }

    private void write(Payload payload) {
        if (payload instanceof ByteSlice slice) {
            write(slice.bytes(), slice.position(), slice.size());
        } else if (payload instanceof ByteSlices slices) {
            slices.parts().forEach(this::write);
        } else if (payload instanceof FileSlice slice) {
            slice.lend().ifPresentOrElse(lease -> writeRegion(lease, slice), () -> writeCopy(slice));
        } else {
            writeCopy(payload);
        }
    }

    private void writeRegion(FileLease lease, FileSlice slice) {
        unsentRegions++;
        channel.write(new LentRegion(lease, slice.position(), slice.size())).addListener(sent -> {
            unsentRegions--;
            if (!sent.isSuccess()) {
                channel.close();
            } else if (unsentRegions == 0) {
                onRoom.run();
            }
        });
    }

    private void writeCopy(Payload payload) {
        ByteWriter copy = new ByteWriter();
        payload.copyTo(copy);
        write(copy.bytes(), 0, copy.size());
    }

    private void write(byte[] bytes, int position, int size) {
        if (size > 0) {
            channel.write(Unpooled.wrappedBuffer(bytes, position, size), channel.voidPromise());
        }
    }

    @Override
    public boolean hasRoom() {
        return unsentRegions == 0
                && !nodeIsCongested.getAsBoolean()
                && channel.channel().isWritable();
    }
}
