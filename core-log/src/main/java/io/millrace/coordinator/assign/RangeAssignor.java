package io.millrace.coordinator.assign;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Gives each reader of a topic a range of its partitions; who comes first gets one more if they do not come out even. Members
 * come in order of instance id, those without one after them in order of member id: so the same member has the same range of
 * each topic that is read by the same members and has as many partitions, and can join what belongs together.
 */
public final class RangeAssignor implements Assignor {

    private static final Comparator<Subscriber> ORDER = Comparator.comparing((Subscriber one) -> one.instance() == null)
            .thenComparing(one -> one.instance() == null ? one.id() : one.instance());

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, Partitions> assign(List<Subscriber> subscribers, Map<UUID, Integer> partitionCounts) {
        Map<String, Map<UUID, Collection<Integer>>> given = new HashMap<>();
        subscribers.forEach(one -> given.put(one.id(), new HashMap<>()));
        readers(subscribers).forEach((topic, readers) -> {
            int count = partitionCounts.getOrDefault(topic, 0);
            int least = count / readers.size();
            int withOneMore = count % readers.size();
            int next = 0;
            for (int i = 0; i < readers.size(); i++) {
                int end = next + least + (i < withOneMore ? 1 : 0);
                given.getOrDefault(readers.get(i).id(), Map.of()).put(topic, range(next, end));
                next = end;
            }
        });
        Map<String, Partitions> assigned = new HashMap<>();
        given.forEach((id, partitions) -> assigned.put(id, Partitions.of(partitions)));
        return assigned;
    }

    private static Map<UUID, List<Subscriber>> readers(List<Subscriber> subscribers) {
        List<Subscriber> ordered = subscribers.stream().sorted(ORDER).toList();
        Map<UUID, List<Subscriber>> readers = new TreeMap<>();
        for (Subscriber one : ordered) {
            one.topics().forEach(topic -> readers.computeIfAbsent(topic, id -> new ArrayList<>())
                    .add(one));
        }
        return readers;
    }

    private static SortedSet<Integer> range(int from, int end) {
        SortedSet<Integer> partitions = new TreeSet<>();
        for (int i = from; i < end; i++) {
            partitions.add(i);
        }
        return partitions;
    }
}
