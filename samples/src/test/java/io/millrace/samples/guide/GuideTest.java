package io.millrace.samples.guide;

import static io.millrace.samples.guide.Shop.CUSTOMERS;
import static io.millrace.samples.guide.Shop.ORDERS;
import static io.millrace.samples.guide.Shop.PAID;
import static io.millrace.samples.guide.Shop.PAYMENTS;
import static io.millrace.samples.guide.Shop.PER_COUNTRY;
import static io.millrace.samples.guide.Shop.PER_HOUR;
import static io.millrace.samples.guide.Shop.QUESTIONS;
import static io.millrace.samples.guide.Shop.SHARES;
import static io.millrace.samples.guide.Shop.SUMMARIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.guide.Shop.Customer;
import io.millrace.samples.guide.Shop.Order;
import io.millrace.samples.guide.Shop.Payment;
import io.millrace.streams.DropReason;
import io.millrace.testkit.EmbeddedNode;
import io.millrace.testkit.JobTester;
import io.millrace.testkit.OutputRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The topologies of the guide do what the guide says. */
class GuideTest {

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    @RegisterExtension
    final EmbeddedNode node = EmbeddedNode.fresh();

    // guide: test
    @Test
    void addsUpTheOrdersOfACountry() {
        try (var tester = JobTester.of(Shop.revenue())) {
            tester.pipe(CUSTOMERS, "c1", new Customer("Ada", "UK"), 0);
            tester.pipe(ORDERS, "o1", new Order("o1", "c1", 250, 1_000), 1_000);
            tester.pipe(ORDERS, "o2", new Order("o2", "nobody", 999, 2_000), 2_000);
            tester.pipe(ORDERS, "o3", new Order("o3", "c1", 150, 3_000), 3_000);

            assertThat(tester.readText(PER_COUNTRY)).containsExactly("UK=250@1000", "UK=400@3000");
            assertThat(tester.table("revenue")).isEqualTo(Map.of("UK", 400L));
        }
    }
    // guide: end

    @Test
    void countsTheOrdersOfAnHourWhenTheHourIsOver() {
        try (var tester = JobTester.of(Shop.windows())) {
            order(tester, "o1", "c1", 1, 10);
            order(tester, "o2", "c1", 1, HOUR_MS + 10);
            assertThat(tester.read(PER_HOUR)).as("within the grace").isEmpty();
            order(tester, "o3", "c1", 1, 3 * HOUR_MS);
            order(tester, "o4", "c1", 1, 20);

            assertThat(tester.read(PER_HOUR)).extracting(OutputRecord::value).containsExactly(1L, 1L);
            assertThat(tester.drops().get("orders-per-hour")).containsEntry(DropReason.LATE, 1L);
        }
    }

    @Test
    void saysWhatHasBeenPaidAndWhatHasNot() {
        try (var tester = JobTester.of(Shop.joins())) {
            order(tester, "o1", "c1", 5, 10);
            order(tester, "o2", "c1", 7, 20);
            tester.pipe(PAYMENTS, "p1", new Payment("o2", 7), 30);
            order(tester, "o3", "c1", 1, 2 * DAY_MS);

            assertThat(tester.readText(PAID)).containsExactlyInAnyOrder("o2=7 by 7@30", "o1=unpaid@10");
        }
    }

    @Test
    void sumsUp() {
        try (var tester = JobTester.of(Shop.aggregates())) {
            order(tester, "o1", "c1", 5, 10);
            order(tester, "o2", "c1", 7, 20);

            assertThat(tester.read(SUMMARIES))
                    .extracting(OutputRecord::value)
                    .last()
                    .isEqualTo(new Shop.Summary(2, 6.0, new Order("o2", "c1", 7, 20)));
        }
    }

    @Test
    void asksAWeekAfterAnOrder() {
        try (var tester = JobTester.of(Shop.followUps())) {
            order(tester, "o1", "c1", 5, 0);
            assertThat(tester.store("follow-up", "waiting")).containsOnlyKeys("o1");
            order(tester, "o1", "c2", 5, 9 * DAY_MS);

            assertThat(tester.readText(QUESTIONS)).containsExactly("o1=How was it, c1?@" + 7 * DAY_MS);
        }
    }

    @Test
    void dropsWhatCannotBeDivided() {
        try (var tester = JobTester.of(Shop.errors())) {
            order(tester, "o1", "c1", 0, 10);
            order(tester, "o2", "c1", 50, 20);

            assertThat(tester.readText(SHARES)).containsExactly("o2=2@20");
            assertThat(tester.drops().get("share")).containsEntry(DropReason.PROCESSING, 1L);
        }
    }

    @Test
    void loadsAFile(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("orders.csv"), "id,customer,cents,at\no1,c1,250,1000\n");
        try (var tester = JobTester.of(Shop.source(directory))) {
            tester.drain();

            assertThat(tester.read(ORDERS))
                    .extracting(OutputRecord::value)
                    .containsExactly(new Order("o1", "c1", 250, 1_000));
        }
    }

    @Test
    void answersWhatACountryHasSpent() throws Exception {
        assertThat(Shop.ask(node.millrace())).isEqualTo(250);
    }

    private static void order(JobTester tester, String id, String customer, long cents, long atMs) {
        tester.pipe(ORDERS, id, new Order(id, customer, cents, atMs), atMs);
    }
}
