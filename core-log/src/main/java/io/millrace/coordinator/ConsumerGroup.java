package io.millrace.coordinator;

import io.millrace.coordinator.ConsumerRecord.Epoch;
import io.millrace.coordinator.ConsumerRecord.GroupEpoch;
import io.millrace.coordinator.ConsumerRecord.Profile;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerRecord.Regex;
import io.millrace.coordinator.ConsumerRecord.Resolved;
import io.millrace.coordinator.ConsumerRecord.Target;
import io.millrace.coordinator.ConsumerRecord.TargetEpoch;
import io.millrace.coordinator.ConsumerRecord.TargetPartitions;
import io.millrace.coordinator.ConsumerRecord.TopicMetadata;
import io.millrace.coordinator.assign.Partitions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One group of the consumer protocol (KIP-848) as the log has it: {@link #replay} is the only place where it changes. Pure; owned
 * by its {@link Group}, and copied for a {@link ConsumerDraft}.
 *
 * <p>Three epochs tell how far everybody is. The epoch of the group counts the changes of members and of what they read. The
 * target epoch is the one that was assigned last. The epoch of a member is the target that it has reached; it has let go all that
 * the target takes from it, and has what others had already let go. A partition belongs to nobody but its owner until that one
 * has said that it does not have it any more.
 */
final class ConsumerGroup {

    private final String name;
    private final SortedMap<String, ConsumerMember> members = new TreeMap<>();
    private final Map<String, String> idByInstance = new HashMap<>();
    private final SortedMap<String, Partitions> targets = new TreeMap<>();
    private final SortedMap<String, Resolved> regexes = new TreeMap<>();

    /** Who has a partition, or must let it go, by topic and partition. */
    private final Map<UUID, Map<Integer, String>> owners = new HashMap<>();

    /** Kafka's number: the first members of a group come to it at epoch 2. */
    private static final int EPOCH_BEFORE_FIRST = 1;

    private @Nullable GroupEpoch epoch;
    private @Nullable Target target;

    ConsumerGroup(String name) {
        this.name = name;
    }

    ConsumerGroup copy() {
        ConsumerGroup copy = new ConsumerGroup(name);
        copy.members.putAll(members);
        copy.idByInstance.putAll(idByInstance);
        copy.targets.putAll(targets);
        copy.regexes.putAll(regexes);
        owners.forEach((topic, ofTopic) -> copy.owners.put(topic, new HashMap<>(ofTopic)));
        copy.epoch = epoch;
        copy.target = target;
        return copy;
    }

    // ---- what the log says

    void replay(ConsumerRecord record) {
        if (record instanceof Epoch change) {
            epoch = change.at();
        } else if (record instanceof Profile change) {
            replay(change.member(), change.profile());
        } else if (record instanceof TargetEpoch change) {
            target = change.target();
        } else if (record instanceof TargetPartitions change) {
            putOrRemove(targets, change.member(), change.partitions());
        } else if (record instanceof Progress change) {
            replay(change.member(), change.progress());
        } else if (record instanceof Regex change) {
            putOrRemove(regexes, change.regex(), change.resolved());
        }
    }

    private static <T> void putOrRemove(Map<String, T> map, String key, @Nullable T value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private void replay(String id, @Nullable MemberProfile profile) {
        ConsumerMember before = members.get(id);
        String instance = before == null ? null : before.profile().instance();
        if (instance != null) {
            idByInstance.remove(instance, id);
        }
        if (profile == null) {
            release(id, before);
            members.remove(id);
            return;
        }
        members.put(id, (before == null ? ConsumerMember.blank(id) : before).with(profile));
        if (profile.instance() != null) {
            idByInstance.put(profile.instance(), id);
        }
    }

    private void replay(String id, @Nullable MemberProgress progress) {
        ConsumerMember before = members.get(id);
        release(id, before);
        if (progress == null) {
            if (before != null) {
                members.put(id, before.with(MemberProgress.NONE));
            }
            return;
        }
        members.put(id, (before == null ? ConsumerMember.blank(id) : before).with(progress));
        own(id, progress.assigned());
        own(id, progress.revoking());
    }

    private void own(String id, Holdings holdings) {
        holdings.byTopic().forEach((topic, epochs) -> {
            Map<Integer, String> ofTopic = owners.computeIfAbsent(topic, unused -> new HashMap<>());
            epochs.keySet().forEach(partition -> ofTopic.put(partition, id));
        });
    }

    private void release(String id, @Nullable ConsumerMember member) {
        if (member != null) {
            release(id, member.progress().assigned());
            release(id, member.progress().revoking());
        }
    }

    private void release(String id, Holdings holdings) {
        holdings.byTopic().forEach((topic, epochs) -> {
            Map<Integer, String> ofTopic = owners.getOrDefault(topic, new HashMap<>());
            epochs.keySet().forEach(partition -> ofTopic.remove(partition, id));
            if (ofTopic.isEmpty()) {
                owners.remove(topic);
            }
        });
    }

    // ---- what it is

    String name() {
        return name;
    }

    /** Nothing of it is in the log any more. */
    boolean isForgotten() {
        return epoch == null && target == null && members.isEmpty() && targets.isEmpty() && regexes.isEmpty();
    }

    int epoch() {
        GroupEpoch at = epoch;
        return at == null ? EPOCH_BEFORE_FIRST : at.epoch();
    }

    /** Of the topics that its members read, when its epoch was counted last. */
    long topicsHash() {
        GroupEpoch at = epoch;
        return at == null ? 0 : at.topicsHash();
    }

    int targetEpoch() {
        Target at = target;
        return at == null ? -1 : at.epoch();
    }

    /** Wall-clock time of the last assignment, 0 if that is not known. */
    long assignedMs() {
        Target at = target;
        return at == null ? 0 : at.assignedMs();
    }

    GroupState state() {
        if (members.isEmpty()) {
            return GroupState.EMPTY;
        }
        if (epoch() > targetEpoch()) {
            return GroupState.ASSIGNING;
        }
        boolean reconciled =
                members.values().stream().allMatch(member -> member.progress().isReconciledTo(targetEpoch()));
        return reconciled ? GroupState.STABLE : GroupState.RECONCILING;
    }

    // ---- members

    boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** In order of id. */
    Collection<ConsumerMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    @Nullable
    ConsumerMember find(String id) {
        return members.get(id);
    }

    /** The static member with this instance id; null if there is none. */
    @Nullable
    ConsumerMember findStatic(@Nullable String instance) {
        String id = instance == null ? null : idByInstance.get(instance);
        return id == null ? null : members.get(id);
    }

    /** Those that speak the classic protocol. */
    List<ConsumerMember> classicMembers() {
        return members.values().stream()
                .filter(member -> member.profile().isClassic())
                .toList();
    }

    // ---- partitions

    /** What the member is to have in the end. */
    Partitions target(String id) {
        return targets.getOrDefault(id, Partitions.NONE);
    }

    SortedMap<String, Partitions> targets() {
        return Collections.unmodifiableSortedMap(targets);
    }

    /** Who has a partition, or must let it go and has not said that it has; null if nobody. */
    @Nullable
    String owner(UUID topic, int partition) {
        return owners.getOrDefault(topic, Map.of()).get(partition);
    }

    // ---- topics

    /** What regular expressions of members stand for. */
    SortedMap<String, Resolved> regexes() {
        return Collections.unmodifiableSortedMap(regexes);
    }

    boolean readsBy(String regex) {
        return members.values().stream()
                .anyMatch(member -> member.profile().regexOrEmpty().equals(regex));
    }

    /** Names of the topics that this member reads. */
    SortedSet<String> topicsOf(MemberProfile profile) {
        Resolved resolved = profile.hasRegex() ? regexes.get(profile.regexOrEmpty()) : null;
        if (resolved == null) {
            return profile.topics();
        }
        SortedSet<String> all = new TreeSet<>(profile.topics());
        all.addAll(resolved.topics());
        return all;
    }

    /** Names of the topics that somebody reads, whether they exist or not. */
    SortedSet<String> topics() {
        SortedSet<String> all = new TreeSet<>();
        members.values().forEach(member -> all.addAll(member.profile().topics()));
        regexes.values().forEach(resolved -> all.addAll(resolved.topics()));
        return all;
    }

    // ---- its end

    /** Records that forget it, in the order in which Kafka's reader wants them. */
    List<ConsumerRecord> tombstones() {
        List<ConsumerRecord> records = new ArrayList<>();
        members.keySet().forEach(id -> records.add(new Progress(name, id, null)));
        targets.keySet().forEach(id -> records.add(new TargetPartitions(name, id, null)));
        records.add(new TargetEpoch(name, null));
        members.keySet().forEach(id -> records.add(new Profile(name, id, null)));
        regexes.keySet().forEach(regex -> records.add(new Regex(name, regex, null)));
        records.add(new TopicMetadata(name, false));
        records.add(new Epoch(name, null));
        return records;
    }
}
