package io.millrace.benchmarks;

import io.millrace.benchmarks.WireTable.Round;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.RequestHeader;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteWriter;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * W2: what a broker takes from a client that costs nothing: produce requests that were encoded before, over one connection,
 * several on their way at once, {@code acks=all}. Against Millrace and Apache Kafka in turn. Every response is read, and every
 * refusal is an error.
 *
 * <p>Arguments: see {@link WireOptions}; a further {@code --batch-bytes} (100000) and {@code --in-flight} (5).
 */
public final class PipelinedBenchmark {

    private static final short VERSION = 9;
    private static final int SOCKET_BYTES = 1 << 16;
    /** After so long without an answer a round has failed. */
    private static final int SILENCE_MS_MAX = 60_000;

    private final int bytes;
    private final int partitions;
    private final int inFlight;
    private final int recordsPerBatch;
    private final long requests;

    private PipelinedBenchmark(int bytes, int partitions, int inFlight, int batchBytes, long records) {
        this.bytes = bytes;
        this.partitions = partitions;
        this.inFlight = inFlight;
        this.recordsPerBatch = Math.max(1, batchBytes / bytes);
        this.requests = Math.max(1, records / recordsPerBatch);
    }

    public static void main(String[] args) throws Exception {
        WireOptions options = WireOptions.of(args);
        int batchBytes = option(args, "--batch-bytes", 100_000);
        int inFlight = option(args, "--in-flight", 5);
        System.out.println("W2, " + options.title() + ", batches of " + batchBytes + " B, " + inFlight
                + " requests on their way\n");
        WireTable.printHead();
        for (int partitions : options.partitions()) {
            for (int bytes : options.recordBytes()) {
                var benchmark = new PipelinedBenchmark(bytes, partitions, inFlight, batchBytes, options.records(bytes));
                new WireRace(options).run(partitions, benchmark.records(), benchmark::round);
            }
        }
    }

    private static int option(String[] args, String name, int otherwise) {
        for (int i = 0; i + 1 < args.length; i += 2) {
            if (args[i].equals(name)) {
                return Integer.parseInt(args[i + 1]);
            }
        }
        return otherwise;
    }

    private long records() {
        return requests * recordsPerBatch;
    }

    private void round(WireSystem system, String topic, WireTable table) throws Exception {
        byte[][] frames = new byte[Math.min(partitions, (int) Math.min(requests, Integer.MAX_VALUE))][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = frame(topic, i);
        }
        double cpu = system.cpuSeconds();
        long start = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), system.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MS_MAX);
            send(socket, frames);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        table.add(
                bytes + " B, " + partitions + " partitions: pipelined produce",
                Round.of(records(), records() * bytes, seconds, system.cpuSeconds() - cpu));
    }

    private void send(Socket socket, byte[][] frames) throws IOException, InterruptedException {
        Semaphore window = new Semaphore(inFlight);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                receive(socket, window);
            } catch (Throwable e) {
                failure.set(e);
                window.release(Integer.MAX_VALUE / 2);
            }
        });
        reader.start();
        OutputStream out = socket.getOutputStream();
        for (long i = 0; i < requests && failure.get() == null; i++) {
            window.acquire();
            out.write(frames[(int) (i % frames.length)]);
        }
        reader.join();
        if (failure.get() != null) {
            throw new IOException("a pipelined round failed", failure.get());
        }
    }

    private void receive(Socket socket, Semaphore window) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), SOCKET_BYTES));
        for (long i = 0; i < requests; i++) {
            byte[] response = new byte[in.readInt()];
            in.readFully(response);
            ByteReader reader = new ByteReader(response);
            ResponseHeader.read(reader, (short) 1);
            var answered = ProduceResponse.read(reader, VERSION)
                    .responses()
                    .get(0)
                    .partitionResponses()
                    .get(0);
            if (answered.errorCode() != 0) {
                throw new IOException("refused with " + answered.errorCode() + ": " + answered.errorMessage());
            }
            window.release();
        }
    }

    private byte[] frame(String topic, int partition) {
        var builder = new RecordBatchBuilder(
                Compression.NONE, TimestampType.CREATE_TIME, recordsPerBatch * (bytes + 30) + 100);
        for (int i = 0; i < recordsPerBatch; i++) {
            builder.append(System.currentTimeMillis(), null, new byte[bytes], new Header[0]);
        }
        RecordBatch batch = builder.finish();
        TopicProduceData data = new TopicProduceData().name(topic);
        data.partitionData()
                .add(new PartitionProduceData()
                        .index(partition)
                        .records(new ByteSlice(batch.bytes(), batch.position(), batch.sizeInBytes())));
        ProduceRequest request = new ProduceRequest().acks((short) -1).timeoutMs(30_000);
        request.topicData().add(data);
        ByteWriter out = new ByteWriter();
        out.int32(0);
        new RequestHeader()
                .requestApiKey(ProduceRequest.API_KEY)
                .requestApiVersion(VERSION)
                .clientId("driver")
                .write(out, (short) 2);
        request.write(out, VERSION);
        out.setInt32(0, out.size() - Integer.BYTES);
        return out.toByteArray();
    }
}
