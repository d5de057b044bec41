package io.millrace.conformance.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A core is stepped with the time and its inputs; it has no clock, thread, file or chance of its own. */
class PurityTest {

    /** Decide, plan and compute only. */
    private static final String[] PURE = {
        "io.millrace.record..",
        "io.millrace.replica..",
        "io.millrace.coordinator..",
        "io.millrace.client..",
        "io.millrace.store",
        "io.millrace.store.memory..",
        "io.millrace.streams.topology..",
        "io.millrace.streams.plan..",
        "io.millrace.streams.operator..",
        "io.millrace.streams.codec.."
    };

    /** Drivers and programs: here the time is read and a thread may wait. */
    private static final String[] DRIVERS = {
        "io.millrace.kernel..", "io.millrace.samples..", "io.millrace.server..", "io.millrace.benchmarks.."
    };

    private static final List<String> CLOCK_METHODS = List.of("nanoTime", "currentTimeMillis");

    private static final DescribedPredicate<JavaAccess<?>> THE_AMBIENT_CLOCK =
            DescribedPredicate.describe("the ambient clock", PurityTest::readsTheClock);

    private static final DescribedPredicate<JavaAccess<?>> CHANCE_WITHOUT_A_SEED =
            DescribedPredicate.describe("chance without a seed", PurityTest::drawsWithoutSeed);

    @Test
    void onlyDriversReadTheClock() {
        noClasses()
                .that()
                .resideOutsideOfPackages(DRIVERS)
                .should()
                .accessTargetWhere(THE_AMBIENT_CLOCK)
                .check(House.MAIN);
    }

    @Test
    void nobodyDrawsChanceWithoutASeed() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.benchmarks..")
                .should()
                .accessTargetWhere(CHANCE_WITHOUT_A_SEED)
                .check(House.MAIN);
    }

    @Test
    void pureClassesHaveNoThreadAndWaitForNone() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.assignableTo(Thread.class))
                .orShould()
                .dependOnClassesThat(JavaClass.Predicates.assignableTo(java.util.concurrent.Executor.class))
                .orShould()
                .dependOnClassesThat(JavaClass.Predicates.assignableTo(java.util.concurrent.Future.class))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent.locks..")
                .check(House.MAIN);
    }

    @Test
    void pureClassesHaveNoFileAndNoSocket() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.File.class,
                        java.io.RandomAccessFile.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class)
                .check(House.MAIN);
    }

    @Test
    void librariesPrintNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.samples..", "io.millrace.server..", "io.millrace.benchmarks..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(House.MAIN);
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        var method = access.getTarget().getName();
        return (owner.isEquivalentTo(System.class) && CLOCK_METHODS.contains(method))
                || (owner.getPackageName().equals("java.time")
                        && method.equals("now")
                        && access.getTarget()
                                instanceof com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget m
                        && m.getRawParameterTypes().isEmpty());
    }

    private static boolean drawsWithoutSeed(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        var unseeded =
                access.getTarget() instanceof com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget c
                        && c.getRawParameterTypes().isEmpty();
        return (owner.isEquivalentTo(Random.class) && unseeded)
                || (owner.isEquivalentTo(Math.class)
                        && access.getTarget().getName().equals("random"))
                || owner.isEquivalentTo(java.util.concurrent.ThreadLocalRandom.class);
    }
}
