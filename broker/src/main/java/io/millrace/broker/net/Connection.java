package io.millrace.broker.net;

import io.millrace.broker.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives one {@link Session} over one socket. On the socket's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to exceptionCaught or channelInactive
final class Connection extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final LoopSessions loop;
    private final Session session;
    private @Nullable ChannelHandlerContext context;
    private boolean closing;
    private boolean stepping;

    Connection(LoopSessions loop, Session session) {
        this.loop = loop;
        this.session = session;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        loop.add(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ignored, ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        session.take(bytes, loop.nowMs());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        step();
    }

    /** Serves what can be served, sends what is answered, and reads on if there is room. */
    void step() {
        ChannelHandlerContext channel = context;
        if (channel == null || closing || stepping) {
            return;
        }
        stepping = true; // what is written below may make the socket unwritable, and that is told at once
        try {
            step(channel);
        } catch (RuntimeException e) {
            LOG.error(
                    "connection={} closed: a request could not be served",
                    channel.channel().remoteAddress(),
                    e);
            channel.close();
        } finally {
            stepping = false;
        }
    }

    private void step(ChannelHandlerContext channel) {
        session.step(
                loop.nowMs(),
                (bytes, size) -> channel.write(Unpooled.wrappedBuffer(bytes, 0, size), channel.voidPromise()));
        String end = session.end();
        if (end != null) {
            closing = true;
            LOG.info("connection={} closed: {}", channel.channel().remoteAddress(), end);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.flush();
        loop.wakeBy(session.deadlineMs());
        readOn(channel);
    }

    private void readOn(ChannelHandlerContext channel) {
        boolean reads =
                session.takesMore() && !loop.isCongested() && channel.channel().isWritable();
        channel.channel().config().setAutoRead(reads);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        step();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (event instanceof IdleStateEvent) {
            channel.close();
        } else {
            channel.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        closing = true;
        session.close();
        loop.remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        LOG.info("connection={} closed: {}", channel.channel().remoteAddress(), cause.toString());
        channel.close();
    }

    void close() {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            channel.close();
        }
    }
}
