package io.millrace.conformance.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** The main classes of every module, read once for all tests of this package. */
final class House {

    private static final ImportOption ONLY_MAIN = location -> !isTest(location);

    static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(ONLY_MAIN).importPackages("io.millrace");

    private House() {}

    /** Nor what measures: benchmarks are built for nobody. */
    private static boolean isTest(Location location) {
        return location.contains("/test-classes/")
                || location.contains("-tests.jar")
                || location.contains("benchmarks");
    }
}
