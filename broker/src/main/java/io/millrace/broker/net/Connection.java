package io.millrace.broker.net;

import io.millrace.broker.Answer;
import io.millrace.broker.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link Session} over one socket. On the socket's event loop.
 *
 * <p>The socket is read as long as the session takes requests, the node takes work, the client takes answers and there is
 * memory for requests; bytes that were read already wait meanwhile, at most one read of the socket.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to exceptionCaught or channelInactive
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final LoopSessions loop;
    private final Session session;
    private final FrameReader frames;
    private final FramePace pace = new FramePace();
    private @Nullable ChannelHandlerContext context;
    private @Nullable SocketSender sender;
    private @Nullable ByteBuf unread;
    private @Nullable Future<?> alarm;
    private long alarmMs = Answer.NO_DEADLINE;
    private int takenBytes;
    private boolean lacksRoom;
    private boolean closing;
    private boolean stepping;

    Connection(LoopSessions loop, Session session, int frameBytesMax) {
        this.loop = loop;
        this.session = session;
        this.frames = new FrameReader(frameBytesMax, this::takeBytes);
        session.onWake(() -> loop.due(this));
    }

    /** Who holds nothing yet may always take a little, so that small requests are served whatever the large ones do. */
    private boolean takeBytes(int count) {
        boolean isFirst = takenBytes == 0 && count <= FrameReader.FIRST_BYTES;
        lacksRoom = isFirst ? !loop.budget().takeAnyway(count) : !loop.budget().take(this, count, loop.signal());
        takenBytes += lacksRoom ? 0 : count;
        return !lacksRoom;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        sender = new SocketSender(added, this::step, loop::isCongested);
        loop.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closing) {
            bytes.release();
        } else if (unread == null) {
            unread = bytes;
        } else {
            unread = Unpooled.wrappedBuffer(unread, bytes);
        }
        takeFrames();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        step();
    }

    /** Cuts requests out of what was read, as far as the session takes them; whether there was one. */
    private boolean takeFrames() {
        ByteBuf in = unread;
        if (in == null) {
            return false;
        }
        lacksRoom = false;
        boolean took = false;
        while (session.takesMore() && frames.read(in) == FrameReader.Progress.WHOLE) {
            session.take(frames.frame(), loop.nowMs());
            took = true;
        }
        if (!in.isReadable()) {
            in.release();
            unread = null;
        }
        return took;
    }

    /** Serves what can be served, sends what is answered, and reads on if there is room. */
    void step() {
        ChannelHandlerContext channel = context;
        SocketSender out = sender;
        if (channel == null || out == null || closing || stepping) {
            return;
        }
        stepping = true; // what is written below may make the socket unwritable, and that is told at once
        try {
            step(channel, out);
        } catch (FrameLengthException e) {
            exceptionCaught(channel, e);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error(
                    "connection={} closed: a request could not be served",
                    channel.channel().remoteAddress(),
                    e);
            channel.close();
        } finally {
            stepping = false;
        }
    }

    private void step(ChannelHandlerContext channel, SocketSender out) {
        do {
            session.step(loop.nowMs(), out);
            if (session.isHeldUp()) {
                channel.flush(); // the socket may take it all at once, and nobody would call
            }
        } while (takeFrames() || session.isHeldUp() && out.hasRoom());
        giveBack();
        String end = session.end();
        if (end != null) {
            closing = true;
            LOG.info("connection={} closed: {}", channel.channel().remoteAddress(), end);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.flush();
        boolean awaitsClient = readOn(channel, out) && frames.takenBytes() > 0;
        if (pace.isTooSlow(awaitsClient, frames.readBytes(), loop.nowMs())
                && loop.budget().isWanted()) {
            closing = true;
            LOG.info(
                    "connection={} closed: its request is half read and came on by less than {} bytes in {} ms, while"
                            + " others wait for memory (queued.max.request.bytes)",
                    channel.channel().remoteAddress(),
                    FramePace.BYTES_MIN,
                    FramePace.WINDOW_MS);
            channel.close();
            return;
        }
        setAlarm(Math.min(session.deadlineMs(), pace.deadlineMs()));
    }

    private void giveBack() {
        int held = session.heldBytes() + frames.takenBytes();
        if (held < takenBytes) {
            int spare = takenBytes - held;
            takenBytes = held;
            loop.budget().give(this, spare, held == 0);
        }
    }

    /** An alarm that is too early is left as it is: it only looks. */
    private void setAlarm(long deadlineMs) {
        if (deadlineMs >= alarmMs) {
            return;
        }
        Future<?> before = alarm;
        if (before != null) {
            before.cancel(false);
        }
        alarmMs = deadlineMs;
        alarm = loop.schedule(this::ring, deadlineMs);
    }

    private void ring() {
        alarm = null;
        alarmMs = Answer.NO_DEADLINE;
        step();
    }

    /** Whether the socket is read. */
    private boolean readOn(ChannelHandlerContext channel, SocketSender out) {
        boolean isHeld = lacksRoom || loop.isCongested();
        loop.await(this, session.needsSignals() || isHeld);
        boolean reads = !isHeld && session.takesMore() && out.hasRoom();
        channel.channel().config().setAutoRead(reads);
        return reads;
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
        Future<?> set = alarm;
        if (set != null) {
            set.cancel(false);
        }
        ByteBuf rest = unread;
        if (rest != null) {
            rest.release();
            unread = null;
        }
        loop.budget().give(this, takenBytes, true);
        takenBytes = 0;
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
