package io.millrace.conformance.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Who may know whom. Maven holds the modules apart; this test also holds the packages inside them. */
class ModuleDirectionsTest {

    private static final String[] CORE_LOG = {
        "io.millrace.kernel..",
        "io.millrace.record..",
        "io.millrace.log..",
        "io.millrace.replica..",
        "io.millrace.coordinator..",
        "io.millrace.node..",
        "io.millrace.client.."
    };
    private static final String STORE = "io.millrace.store..";
    private static final String STREAMS = "io.millrace.streams..";
    private static final String[] ABOVE_STREAMS = {
        "io.millrace.connect..", "io.millrace.testkit..", "io.millrace.samples..", "io.millrace.server.."
    };

    @Test
    void seesTheClassesItJudges() {
        for (var name : new String[] {"client.LogClient", "store.BackingStore", "streams.Source"}) {
            assertThat(House.MAIN.contain("io.millrace." + name)).as(name).isTrue();
        }
    }

    @Test
    void logAndStateAreLeavesThatDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE_LOG)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STORE, STREAMS)
                .check(House.MAIN);
        noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE_LOG)
                .check(House.MAIN);
        noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STREAMS)
                .check(House.MAIN);
    }

    @Test
    void nothingBelowKnowsWhatStandsOnStreams() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE_LOG)
                .or()
                .resideInAnyPackage(STORE, STREAMS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ABOVE_STREAMS)
                .check(House.MAIN);
    }

    @Test
    void insideTheLogTheArrowsPointDown() {
        mayOnlyBeUsedBy(
                "io.millrace.node..",
                "io.millrace.streams.runtime..",
                "io.millrace.streams",
                "io.millrace.broker..",
                "io.millrace.server..",
                "io.millrace.benchmarks..");
        noneOf("io.millrace.record..").mayUse("log", "replica", "coordinator", "node", "client");
        noneOf("io.millrace.kernel..").mayUse("record", "log", "replica", "coordinator", "node", "client");
        noneOf("io.millrace.log..").mayUse("replica", "coordinator", "node");
        noneOf("io.millrace.coordinator..").mayUse("node");
        noneOf("io.millrace.client..").mayUse("log", "replica", "coordinator", "node");
    }

    @Test
    void theBrokerStandsOnTheLogAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STORE, STREAMS)
                .check(House.MAIN);
        noneOf("io.millrace.broker").mayUse("broker.handler", "broker.net");
        noneOf("io.millrace.broker.handler..").mayUse("broker.net");
    }

    @Test
    void theTopologyIsDataThatThePlanAndTheRuntimeRead() {
        noneOf("io.millrace.streams.topology..").mayUse("streams.plan", "streams.runtime", "client", "node", "log");
        noneOf("io.millrace.streams.plan..").mayUse("streams.runtime", "client", "node", "log");
        noneOf("io.millrace.streams.operator..").mayUse("streams.runtime", "client", "node", "log");
        noneOf("io.millrace.streams.codec..").mayUse("streams.runtime", "client", "node", "log");
    }

    @Test
    void rocksDbStaysInItsPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.store.rocks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(House.MAIN);
    }

    @Test
    void noClassOfKafkaIsOnAUsersClassPath() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.conformance..", "io.millrace.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(House.MAIN);
    }

    @Test
    void thereIsNoDrawerOfUtilities() {
        classes()
                .should()
                .resideOutsideOfPackages("..common..", "..util..", "..utils..", "..misc..")
                .check(House.MAIN);
    }

    @Test
    void storesHaveNoCircleOfPackages() {
        SlicesRuleDefinition.slices()
                .matching("io.millrace.store.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(House.MAIN);
    }

    private static void mayOnlyBeUsedBy(String used, String... users) {
        var allowed = new String[users.length + ABOVE_STREAMS.length + 1];
        System.arraycopy(users, 0, allowed, 0, users.length);
        System.arraycopy(ABOVE_STREAMS, 0, allowed, users.length, ABOVE_STREAMS.length);
        allowed[allowed.length - 1] = used;
        classes()
                .that()
                .resideInAPackage(used)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true)
                .check(House.MAIN);
    }

    private static Packages noneOf(String users) {
        return new Packages(users);
    }

    /** A package whose classes are about to be forbidden something. */
    private record Packages(String users) {
        void mayUse(String... names) {
            for (var name : names) {
                noClasses()
                        .that()
                        .resideInAPackage(users)
                        .should()
                        .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.millrace." + name + ".."))
                        .allowEmptyShould(true)
                        .check(House.MAIN);
            }
        }
    }
}
