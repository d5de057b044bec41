package io.millrace.conformance.message;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The newest kafka-clients beside the one of the class path, which the other tests need. What this package compares is loaded
 * once more with it.
 */
final class NewestKafka extends URLClassLoader {

    private static final List<String> OWN = List.of("org.apache.kafka.", "io.millrace.conformance.message.");

    private NewestKafka(URL[] urls) {
        super(urls, NewestKafka.class.getClassLoader());
    }

    /** Finds the jar where the build has put it. */
    static NewestKafka load() throws IOException {
        Path jars = Path.of("target", "newest-kafka");
        try (var found = Files.list(jars)) {
            Path jar = found.filter(path -> path.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no kafka-clients in " + jars.toAbsolutePath()));
            URL tests = NewestKafka.class.getProtectionDomain().getCodeSource().getLocation();
            return new NewestKafka(new URL[] {jar.toUri().toURL(), tests});
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (OWN.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
