package io.millrace.broker.net;

import io.millrace.broker.Session;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteSlices;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Payload;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** Writes frames to a socket, records from where the log has them. On the socket's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the connection
record SocketSender(ChannelHandlerContext channel) implements Session.Sender {

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
        } else {
            ByteWriter copy = new ByteWriter();
            payload.copyTo(copy);
            write(copy.bytes(), 0, copy.size());
        }
    }

    private void write(byte[] bytes, int position, int size) {
        if (size > 0) {
            channel.write(Unpooled.wrappedBuffer(bytes, position, size), channel.voidPromise());
        }
    }

    @Override
    public boolean hasRoom() {
        return channel.channel().isWritable();
    }
}
