package io.millrace.coordinator;

import io.millrace.coordinator.ConsumerRecord.Epoch;
import io.millrace.coordinator.ConsumerRecord.GroupEpoch;
import io.millrace.coordinator.ConsumerRecord.Profile;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerRecord.TargetPartitions;
import java.util.ArrayList;
import java.util.List;

/**
 * A consumer group as it will be when the records of a decision are written. What the log says does not change meanwhile: the
 * group is copied with the first record. Owned by one decision.
 */
final class ConsumerDraft {

    private final List<GroupRecord> records = new ArrayList<>();
    private ConsumerGroup group;
    private boolean isCopy;

    ConsumerDraft(ConsumerGroup group) {
        this.group = group;
    }

    /** As it will be. */
    ConsumerGroup group() {
        return group;
    }

    /** In order. */
    List<GroupRecord> records() {
        return records;
    }

    /** A record of something else that goes with the change. */
    void also(GroupRecord record) {
        records.add(record);
    }

    void write(ConsumerRecord record) {
        if (!isCopy) {
            group = group.copy();
            isCopy = true;
        }
        group.replay(record);
        records.add(record);
    }

    /** Counts a change of what is to be assigned to whom. */
    void bump(long topicsHash) {
        write(new Epoch(group.name(), new GroupEpoch(group.epoch() + 1, topicsHash)));
    }

    /** A member is gone. */
    void remove(String id) {
        write(new Progress(group.name(), id, null));
        write(new TargetPartitions(group.name(), id, null));
        write(new Profile(group.name(), id, null));
    }

    /** A static member is there again under another id, with all that it had. */
    ConsumerMember replace(ConsumerMember old, String id) {
        var target = group.target(old.id());
        ConsumerMember successor =
                new ConsumerMember(id, old.profile(), old.progress().back());
        remove(old.id());
        write(new Profile(group.name(), id, successor.profile()));
        write(new TargetPartitions(group.name(), id, target));
        write(new Progress(group.name(), id, successor.progress()));
        return successor;
    }
}
