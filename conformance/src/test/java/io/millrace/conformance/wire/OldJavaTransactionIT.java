package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.wire.old.OldTransactions;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of a Java client from before KIP-890: partitions are added first, and the epoch stays. */
@Timeout(60)
class OldJavaTransactionIT {

    @TempDir
    Path directory;

    /** The old client beside the one of the class path, and what runs on it. */
    private static final class OldKafka extends URLClassLoader {

        private static final List<String> OWN = List.of("org.apache.kafka.", "io.millrace.conformance.wire.old.");

        OldKafka(URL... urls) {
            super(urls, OldKafka.class.getClassLoader());
        }

        /** Among them the file by which the client knows its version. */
        @Override
        public URL getResource(String name) {
            var own = findResource(name);
            return own == null ? super.getResource(name) : own;
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
    }

    @SuppressWarnings("unchecked")
    private static List<String> run(String address) throws Exception {
        var jar = Path.of("target", "kafka-clients", "kafka-clients-2.8.2.jar");
        var tests =
                OldJavaTransactionIT.class.getProtectionDomain().getCodeSource().getLocation();
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = new OldKafka(jar.toUri().toURL(), tests)) {
            thread.setContextClassLoader(loader); // by which the client finds its own classes
            var course = loader.loadClass(OldTransactions.class.getName())
                    .getConstructor()
                    .newInstance();
            return ((Function<String, List<String>>) course).apply(address);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void anOldClientCommitsAbortsCopiesAndIsFenced() throws Exception {
        try (var node = new RestartableNode(directory)) {
            Map<String, Object> config = Map.of("bootstrap.servers", node.address());
            try (var admin = Admin.create(config);
                    var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
                admin.createTopics(List.of(new NewTopic("in", 1, (short) 1), new NewTopic("out", 1, (short) 1)))
                        .all()
                        .get();
                producer.send(new ProducerRecord<>("in", "k", "input")).get();

                var seen = run(node.address());

                assertThat(seen)
                        .containsExactly(
                                "kafka-clients-2.8.2.jar",
                                "position 1",
                                "fenced",
                                "committed [a, c, copy of input, d]");
                // The first epoch served four transactions; the fence and the next producer took one each.
                var description = admin.describeTransactions(List.of("old"))
                        .description("old")
                        .get();
                assertThat(description.producerEpoch()).isEqualTo(2);
            }
        }
    }
}
