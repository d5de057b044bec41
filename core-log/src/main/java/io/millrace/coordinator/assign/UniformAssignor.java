package io.millrace.coordinator.assign;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gives everybody the same number of partitions, or one more, as far as they read the same topics, and moves as few as it can.
 * Where they read different ones, no partition could move and make two of its readers more equal.
 *
 * <p>It goes in three steps: everybody keeps what it has and still reads; what nobody has goes to the reader that has least,
 * topics with the fewest readers first; then partitions move from the reader of a topic that has most to the one that has
 * least, as long as they differ by two or more. Each such move makes the sum of squares smaller, so there is an end.
 *
 * <p>Source: KIP-848, which asks for balance first and stickiness second.
 */
public final class UniformAssignor implements Assignor {

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, Partitions> assign(List<Subscriber> subscribers, Map<UUID, Integer> partitionCounts) {
        UniformPlan plan = new UniformPlan(subscribers, partitionCounts);
        plan.giveOut();
        plan.balance();
        List<Partitions> all = plan.all();
        Map<String, Partitions> assigned = new HashMap<>();
        for (int i = 0; i < subscribers.size(); i++) {
            assigned.put(subscribers.get(i).id(), all.get(i));
        }
        return assigned;
    }
}
