package io.millrace.samples.guide;

import io.millrace.connect.builtin.LineFile;
import io.millrace.connect.builtin.LineFileSource;
import io.millrace.connect.builtin.LineInput;
import io.millrace.store.KeyValueStore;
import io.millrace.streams.Aggregates;
import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.Millrace;
import io.millrace.streams.Source.SourceRecord;
import io.millrace.streams.Stream;
import io.millrace.streams.Table;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.ValueProcessor;
import io.millrace.streams.ValueProcessorContext;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The job of the guide: what a shop knows of its orders. The page shows what stands between the marks. */
final class Shop {

    private Shop() {}

    // guide: topics
    record Order(String id, String customer, long cents, long atMs) {}

    record Payment(String order, long cents) {}

    record Customer(String name, String country) {}

    record Sale(String country, long cents) {}

    static final Topic<String, Order> ORDERS = Topic.of("orders", Codecs.string(), Codecs.json(Order.class))
            .partitions(4)
            .timestamps((id, order, recordedMs) -> order.atMs());
    static final Topic<String, Payment> PAYMENTS =
            Topic.of("payments", Codecs.string(), Codecs.json(Payment.class)).partitions(4);
    static final Topic<String, Customer> CUSTOMERS = Topic.of("customers", Codecs.string(), Codecs.json(Customer.class))
            .partitions(4)
            .config("cleanup.policy", "compact");
    static final Topic<String, Long> PER_COUNTRY = Topic.of("cents-per-country", Codecs.string(), Codecs.longs());
    // guide: end

    static final Topic<Windowed<String>, Long> PER_HOUR =
            Topic.of("orders-per-hour", Codecs.windowed(Codecs.string(), Duration.ofHours(1)), Codecs.longs());
    static final Topic<String, String> PAID = Topic.of("paid", Codecs.string(), Codecs.string());
    static final Topic<String, String> QUESTIONS = Topic.of("questions", Codecs.string(), Codecs.string());

    static final Topic<String, Long> SHARES = Topic.of("shares", Codecs.string(), Codecs.longs());

    record Summary(long count, double mean, Order largest) {}

    static final Topic<String, Summary> SUMMARIES = Topic.of("summaries", Codecs.string(), Codecs.json(Summary.class));

    static Topology revenue() {
        // guide: topology
        TopologyBuilder job = Topology.define("revenue");
        Stream<String, Order> orders = job.stream(ORDERS);
        Table<String, Customer> customers = job.table(CUSTOMERS);

        orders.selectKey((id, order) -> order.customer())
                .join(customers, (order, customer) -> new Sale(customer.country(), order.cents()))
                .groupBy((customer, sale) -> sale.country())
                .aggregate(Aggregates.summingLong(Sale::cents))
                .named("revenue")
                .toStream()
                .to(PER_COUNTRY);

        Topology topology = job.build();
        // guide: end
        return topology;
    }

    static Topology windows() {
        TopologyBuilder job = Topology.define("windows");
        Stream<String, Order> orders = job.stream(ORDERS);
        // guide: windows
        orders.groupBy((id, order) -> order.customer())
                .windowed(Windows.tumbling(Duration.ofHours(1)).grace(Duration.ofMinutes(5)))
                .emit(Emit.onWindowClose())
                .lateTo("late-orders")
                .count()
                .named("orders-per-hour")
                .toStream()
                .to(PER_HOUR);
        // guide: end
        return job.build();
    }

    static Topology joins() {
        TopologyBuilder job = Topology.define("joins");
        Stream<String, Order> orders = job.stream(ORDERS);
        // guide: joins
        Stream<String, Payment> payments = job.stream(PAYMENTS).selectKey((id, payment) -> payment.order());

        orders.leftJoin(
                        payments,
                        (order, payment) -> payment == null ? "unpaid" : order.cents() + " by " + payment.cents(),
                        JoinWindows.within(Duration.ZERO, Duration.ofDays(1)).grace(Duration.ofHours(1)))
                .named("paid")
                .to(PAID);
        // guide: end
        return job.build();
    }

    static Topology aggregates() {
        TopologyBuilder job = Topology.define("aggregates");
        Stream<String, Order> orders = job.stream(ORDERS);
        // guide: aggregates
        Table<String, Summary> summaries = orders.groupBy((id, order) -> order.customer())
                .aggregate(Aggregates.allOf(
                        Aggregates.counting(),
                        Aggregates.averagingDouble(order -> order.cents()),
                        Aggregates.maxBy((left, right) -> Long.compare(left.cents(), right.cents())),
                        (count, mean, largest) -> new Summary(count, mean, largest)))
                .named("summaries");
        // guide: end
        summaries.toStream().to(SUMMARIES);
        return job.build();
    }

    // guide: processor
    /** Asks a week after an order how it was. */
    static final class FollowUp implements ValueProcessor<String, Order, String> {
        private KeyValueStore<String, Order> waiting;

        @Override
        public void init(ValueProcessorContext<String> context) {
            waiting = context.store("waiting");
        }

        @Override
        public void process(String id, Order order, ValueProcessorContext<String> context) {
            waiting.put(id, order);
            context.setTimer(context.timestampMs() + Duration.ofDays(7).toMillis());
        }

        @Override
        public void onTimer(String id, long timeMs, boolean eventTime, ValueProcessorContext<String> context)
                throws Exception {
            Order order = waiting.delete(id);
            if (order != null) {
                context.forward("How was it, " + order.customer() + "?");
            }
        }
    }
    // guide: end

    static Topology followUps() {
        TopologyBuilder job = Topology.define("follow-ups");
        Stream<String, Order> orders = job.stream(ORDERS);
        // guide: process
        Stream<String, String> questions =
                orders.processValues(FollowUp::new, "waiting").named("follow-up");
        // guide: end
        questions.to(QUESTIONS);
        return job.build();
    }

    static Topology errors() {
        TopologyBuilder job = Topology.define("errors");
        Stream<String, Order> orders = job.stream(ORDERS);
        // guide: errors
        job.onDeserializationError(ErrorPolicy.deadLetter("orders-dead"));

        orders.mapValues(order -> 100 / order.cents())
                .named("share")
                .onError(ErrorPolicy.drop())
                .to(SHARES);
        // guide: end
        return job.build();
    }

    static void run() throws InterruptedException {
        Topology topology = revenue();
        // guide: run
        try (var millrace = Millrace.open(Path.of("shop-data"))) {
            var options = JobOptions.DEFAULT.with("commit.interval.ms", "100").withLanes(2);
            var job = millrace.start(topology, options);
            job.onFailure(failure -> System.err.println("the shop has a problem: " + failure));
            job.awaitEnd();
        }
        // guide: end
    }

    static long ask(Millrace millrace) throws InterruptedException {
        var job = millrace.start(revenue());
        // guide: queries
        job.awaitRunning(Duration.ofSeconds(30)); // it creates its topics
        try (var customers = millrace.write(CUSTOMERS);
                var orders = millrace.write(ORDERS)) {
            customers.send("c1", new Customer("Ada", "UK"), 0);
            customers.flush(Duration.ofSeconds(10));
            orders.send("o1", new Order("o1", "c1", 250, 1_000));
            orders.flush(Duration.ofSeconds(10));
        }
        job.awaitInputDrained(Duration.ofSeconds(30));

        long cents = job.<String, Long>store("revenue").value("UK").orElse(0L);
        // guide: end
        return cents;
    }

    static Topology source(Path directory) {
        TopologyBuilder job = Topology.define("load");
        // guide: source
        var file = new LineFile<>(
                LineInput.file(directory.resolve("orders.csv")),
                1,
                line -> { // 1 header line
                    var fields = line.split(",");
                    var order = new Order(fields[0], fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]));
                    return new SourceRecord<>(order.id(), order, order.atMs());
                });
        job.source("orders-file", LineFileSource.inOrder(List.of(file))).to(ORDERS);
        // guide: end
        return job.build();
    }
}
