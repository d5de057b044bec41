package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlightDelaysTest {

    @Test
    void onlyTheStateAndTheRouteNeedAnExchange() {
        var topology = FlightDelays.topology(FlightData.source());

        var plan = Planner.plan(topology, TopicPartitions.of(Map.of("flights", 4, "airports", 4)));

        assertThat(plan.shardCount()).isEqualTo(4);
        assertThat(plan.exchanges()).hasSize(3);
        assertThat(plan.exchanges()).flatExtracting(Exchange::toNodes).contains("delay-stats", "meetings");
        assertThat(plan.stores()).extracting(Plan.PlannedStore::name).contains("delay-stats", "meetings", "pairs");
    }
}
