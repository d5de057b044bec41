package io.millrace.conformance.client;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** One version of kafka-clients with the course through it, in a class loader of its own; what it stands on is shared. */
final class JavaVersion extends URLClassLoader {

    private static final Path JARS = Path.of("target", "kafka-clients");
    private static final String COURSE = "io.millrace.conformance.client.driver.";
    private static final List<String> OWN = List.of("org.apache.kafka.", COURSE);

    private JavaVersion(URL[] urls) {
        super(urls, JavaVersion.class.getClassLoader());
    }

    /** Finds the jar where the build has put it. */
    static JavaVersion load(String version) throws IOException {
        var jar = JARS.resolve("kafka-clients-" + version + ".jar");
        if (!Files.exists(jar)) {
            throw new IOException("the build has put no " + jar.toAbsolutePath());
        }
        var tests = JavaVersion.class.getProtectionDomain().getCodeSource().getLocation();
        return new JavaVersion(new URL[] {jar.toUri().toURL(), tests});
    }

    /** Goes through parts of the course, in their order. */
    @SuppressWarnings("unchecked")
    void run(String address, List<String> parts) throws ReflectiveOperationException {
        var before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(this); // Kafka loads its plugins from it
        try {
            var course = (BiConsumer<String, String>)
                    loadClass(COURSE + "JavaCourse").getConstructor().newInstance();
            parts.forEach(part -> course.accept(address, part));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (OWN.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    /** Where a version keeps its own resources, such as its number. */
    @Override
    public URL getResource(String name) {
        var own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }
}
