package io.millrace.server.command;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordTooLargeException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.RecordWriter;
import io.millrace.server.client.TopicLayout;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace produce}: writes lines to a topic. */
@Command(
        name = "produce",
        description = "Writes each line of standard input, or of a file, to a topic.",
        footer = {
            "",
            "A topic that is not there is made if the node makes topics that are named (auto.create.topics.enable)."
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ProduceCommand implements Callable<Integer> {

    @Mixin
    private NodeAccess node;

    @Parameters(paramLabel = "TOPIC", description = "Where to write.")
    private String topic;

    @Option(names = "--file", paramLabel = "FILE", description = "Read this file instead of standard input.")
    private @Nullable Path file;

    @Option(names = "--whole", description = "The input is one record, not one per line.")
    private boolean whole;

    @Option(
            names = {"-K", "--key-separator"},
            paramLabel = "TEXT",
            description = "What stands before it in a line is the key.")
    private @Nullable String keySeparator;

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "The key of every record.")
    private @Nullable String key;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "KEY=VALUE",
            description = "A header of every record; as often as needed.")
    private @Nullable List<String> headers;

    @Option(names = "--tombstones", description = "An empty value is none, which deletes the key in compacted topics.")
    private boolean tombstones;

    @Option(names = "--partition", paramLabel = "N", description = "Write there, whatever the key says.")
    private @Nullable Integer partition;

    @Option(
            names = {"-z", "--compression"},
            paramLabel = "none|gzip|snappy|lz4|zstd",
            defaultValue = "none",
            description = "How batches are compressed.")
    private String compression;

    private Header[] parsedHeaders = Header.NONE;

    @Override
    public Integer call() throws IOException {
        if (key != null && keySeparator != null) {
            throw new CommandRefused("say --key or --key-separator, not both.");
        }
        if (keySeparator != null && keySeparator.isEmpty()) {
            throw new CommandRefused("--key-separator must not be empty.");
        }
        Compression codec = codec();
        parsedHeaders = KeyValues.parse(headers, "--header").entrySet().stream()
                .map(one -> new Header(one.getKey(), utf8(one.getValue())))
                .toArray(Header[]::new);
        try (ClusterClient cluster = node.open();
                InputStream in = open()) {
            Optional<TopicLayout> found = cluster.findOrCreate(topic);
            TopicLayout layout = found.orElseThrow(() -> new CommandRefused("there is no topic " + topic
                    + ", and the node makes none: './millrace topics create " + topic + "' does."));
            int count = layout.partitions().size();
            if (partition != null && (partition < 0 || partition >= count)) {
                throw new CommandRefused(
                        "topic " + topic + " has partitions 0 to " + (count - 1) + ", no " + partition + ".");
            }
            RecordWriter writer = new RecordWriter(cluster, layout, codec);
            try {
                copy(in, writer);
            } catch (RecordTooLargeException e) {
                throw new CommandRefused("record " + (writer.written() + 1) + " or one soon after it has "
                        + e.sizeInBytes() + " bytes; a batch takes " + e.limitInBytes() + ".");
            } finally {
                node.say(writer.written() + " records written to " + topic + ".");
            }
            return 0;
        }
    }

    private Compression codec() {
        try {
            return Compression.named(compression);
        } catch (IllegalArgumentException e) {
            throw new CommandRefused(
                    "--compression must be none, gzip, snappy, lz4 or zstd, not '" + compression + "'.");
        }
    }

    private InputStream open() throws IOException {
        if (file != null && !Files.isReadable(file)) {
            throw new CommandRefused(file + " cannot be read.");
        }
        return new BufferedInputStream(file == null ? node.console().in() : Files.newInputStream(file));
    }

    private void copy(InputStream in, RecordWriter writer) throws IOException {
        Lines lines = new Lines(in);
        byte[] record = whole ? lines.rest() : lines.next();
        while (record != null) {
            write(record, writer);
            if (in.available() == 0) {
                writer.flush(); // who types wants to see it arrive
            }
            record = whole ? null : lines.next();
        }
        writer.flush();
    }

    private void write(byte[] line, RecordWriter writer) {
        byte[] recordKey = key == null ? null : utf8(key);
        byte[] value = line;
        if (keySeparator != null) {
            byte[] separator = utf8(keySeparator);
            int at = Lines.indexOf(line, separator);
            if (at >= 0) {
                recordKey = Arrays.copyOf(line, at);
                value = Arrays.copyOfRange(line, at + separator.length, line.length);
            }
        }
        boolean isTombstone = tombstones && value.length == 0;
        writer.write(partition, System.currentTimeMillis(), recordKey, isTombstone ? null : value, parsedHeaders);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
