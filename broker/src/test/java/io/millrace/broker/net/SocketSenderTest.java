package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SocketSenderTest {

    @Test
    void aNodeThatIsBehindLeavesNoRoomForARequest() {
        AtomicBoolean congested = new AtomicBoolean(true);
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        SocketSender sender = new SocketSender(channel.pipeline().firstContext(), () -> {}, congested::get);
        assertThat(sender.hasRoom()).isFalse();

        congested.set(false);
        assertThat(sender.hasRoom()).isTrue();
        channel.finishAndReleaseAll();
    }
}
