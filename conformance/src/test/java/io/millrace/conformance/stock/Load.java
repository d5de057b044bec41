package io.millrace.conformance.stock;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Somebody who uses a node on a thread of his own and does not give up when it dies. */
abstract class Load implements AutoCloseable {

    /** Longer than any round: a producer must hold on until the node is back. */
    private static final int HOLD_ON_MS = 300_000;

    private static final int REQUEST_MS = 5_000;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopping;
    protected final String bootstrap;

    Load(String name, String bootstrap) {
        this.bootstrap = bootstrap;
        this.thread = new Thread(this::runToEnd, name);
    }

    void start() {
        thread.start();
    }

    private void runToEnd() {
        try {
            run();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    protected abstract void run() throws Exception;

    protected boolean isStopping() {
        return stopping;
    }

    protected void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Fails if the load has failed. */
    void check() {
        var cause = failure.get();
        if (cause != null) {
            throw new AssertionError(thread.getName() + " failed", cause);
        }
    }

    /** Comes to an end: what is begun is finished first. */
    void finish() throws InterruptedException {
        stopping = true;
        thread.join();
        check();
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }

    protected KafkaProducer<String, String> producer(Map<String, Object> more) {
        var config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, HOLD_ON_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, HOLD_ON_MS);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    protected KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        var config = new HashMap<>(more);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }
}
