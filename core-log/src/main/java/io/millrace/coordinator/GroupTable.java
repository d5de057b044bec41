package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Refused;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups of one coordinator, in order of name. Owned by it. */
final class GroupTable {

    private final GroupLimits limits;
    private final Map<String, Group> groups = new TreeMap<>();

    GroupTable(GroupLimits limits) {
        this.limits = limits;
    }

    @Nullable
    Group find(String name) {
        return groups.get(name);
    }

    Group findOrNew(String name) {
        return groups.computeIfAbsent(name, id -> new Group(id, limits));
    }

    /** Safe against groups that go meanwhile. */
    Collection<Group> all() {
        return List.copyOf(groups.values());
    }

    /** To be called after each change. */
    void settle(Group group) {
        group.settle();
        forgetIfNothingIsLeft(group);
    }

    void forgetIfNothingIsLeft(Group group) {
        if (group.isForgotten()) {
            groups.remove(group.name());
        }
    }

    static Refused unknown(String group) {
        return new Refused(ErrorCode.GROUP_ID_NOT_FOUND, "there is no group " + group);
    }

    static Refused nameless() {
        return new Refused(ErrorCode.INVALID_GROUP_ID, "a group id must not be empty");
    }
}
