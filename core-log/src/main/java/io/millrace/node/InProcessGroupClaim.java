package io.millrace.node;

import io.millrace.client.GroupClaim;

/** A claim of an in-process client. Owned by its thread. */
final class InProcessGroupClaim implements GroupClaim {

    private final Door door;
    private final String group;
    private final String member;
    private boolean closed;

    InProcessGroupClaim(Door door, String group, String member) {
        this.door = door;
        this.group = group;
        this.member = member;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release(door, group, member);
        }
    }

    static void release(Door door, String group, String member) {
        door.send(new ReleaseGroup(group, member));
    }
}
