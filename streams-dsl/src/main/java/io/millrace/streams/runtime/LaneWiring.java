package io.millrace.streams.runtime;

import io.millrace.client.TopicDescription;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.streams.ErrorPolicies;
import io.millrace.streams.JobOptions;
import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives every lane its part of an attempt, with fresh rings between them. Called by the I/O agent. */
final class LaneWiring {

    private final ErrorPolicies policies;
    private final JobOptions options;
    private final List<Signal> signals;

    /** @param signals of the lanes, by lane */
    LaneWiring(ErrorPolicies policies, JobOptions options, List<Signal> signals) {
        this.policies = policies;
        this.options = options;
        this.signals = List.copyOf(signals);
    }

    /** @param leftStores names of stores whose state is to be deleted */
    void assign(
            long attempt,
            Prepared prepared,
            StateTypes types,
            Set<String> leftStores,
            ShardStores stores,
            List<LanePort> ports) {
        Plan plan = prepared.plan();
        int lanes = ports.size();
        List<List<InboundRing>> inbound = new ArrayList<>();
        List<@Nullable Pipeline<ExchangeFrame>[][]> outbound = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            inbound.add(new ArrayList<>());
            outbound.add(rings(plan.exchanges().size(), lanes));
        }
        for (int exchange = 0; exchange < plan.exchanges().size(); exchange++) {
            for (int from = 0; from < lanes; from++) {
                for (int to = 0; to < lanes; to++) {
                    if (from != to) {
                        InboundRing ring = new InboundRing(exchange, from, signals.get(to));
                        inbound.get(to).add(ring);
                        outbound.get(from)[exchange][to] = ring.ring();
                    }
                }
            }
        }
        List<Exchange> exchanges = plan.exchanges();
        TopicDescription changelog = prepared.changelog();
        for (LanePort port : ports) {
            List<InboundRing> deepestFirst = inbound.get(port.lane);
            deepestFirst.sort(Comparator.comparingInt(
                    (InboundRing ring) -> -exchanges.get(ring.exchange).toFragment()));
            port.send(new LaneItem.Assign(new LaneAssignment(
                    attempt,
                    port.lane,
                    lanes,
                    plan,
                    options,
                    policies,
                    prepared.inputs(),
                    prepared.outputs(),
                    changelog == null ? null : OutputTopic.of(changelog),
                    stores,
                    types,
                    leftStores,
                    outbound.get(port.lane),
                    List.copyOf(deepestFirst))));
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Pipeline<ExchangeFrame>[][] rings(int exchanges, int lanes) {
        return new Pipeline[exchanges][lanes];
    }
}
