package io.millrace.broker.net;

import io.millrace.log.FileLease;
import io.netty.channel.DefaultFileRegion;

/** Part of a file of the log that the operating system sends to a socket. Gives the file back when it is sent, or never will be. */
final class LentRegion extends DefaultFileRegion {

    private final FileLease lease;

    LentRegion(FileLease lease, long position, long size) {
        super(lease.channel(), position, size);
        this.lease = lease;
    }

    @Override
    protected void deallocate() {
        lease.giveBack(); // instead of closing it: it is the log's
    }
}
