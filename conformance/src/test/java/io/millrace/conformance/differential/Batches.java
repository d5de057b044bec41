package io.millrace.conformance.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Batches of a produce request, from JSON: {@code {batch:[[key,value,timestamp],…], codec, pid, epoch, seq, txn, control, damage,
 * twice}}. Written by Kafka; {@code damage} then names what is done to their bytes.
 */
final class Batches {

    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int COUNT = 57;

    private static final int TRANSACTIONAL = 16;
    private static final int CONTROL = 32;

    private Batches() {}

    static MemoryRecords of(JsonNode json) {
        var bytes = bytes(json);
        damage(json.path("damage").asText(), bytes);
        if (json.path("twice").asBoolean()) {
            bytes = ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).array();
        }
        if (json.has("cut")) {
            bytes = Arrays.copyOf(bytes, bytes.length - json.get("cut").asInt());
        }
        return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
    }

    private static byte[] bytes(JsonNode json) {
        if (json.path("batch").isEmpty()) {
            return new byte[0];
        }
        var codec = CompressionType.forName(json.path("codec").asText("none"));
        try (var builder = MemoryRecords.builder(
                ByteBuffer.allocate(4096), Compression.of(codec).build(), TimestampType.CREATE_TIME, 0)) {
            for (var record : json.get("batch")) {
                builder.append(record.get(2).asLong(), text(record.get(0)), text(record.get(1)));
            }
            var buffer = builder.build().buffer();
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            checked(ByteBuffer.wrap(bytes), all -> identify(json, all));
            return bytes;
        }
    }

    /** Says who the producer is; Kafka's builder would refuse what is not meant to be right. */
    private static void identify(JsonNode json, ByteBuffer batch) {
        batch.putLong(PRODUCER_ID, json.path("pid").asLong(RecordBatch.NO_PRODUCER_ID));
        batch.putShort(PRODUCER_EPOCH, (short) json.path("epoch").asInt(RecordBatch.NO_PRODUCER_EPOCH));
        batch.putInt(BASE_SEQUENCE, json.path("seq").asInt(RecordBatch.NO_SEQUENCE));
        var bits = (json.path("txn").asBoolean() ? TRANSACTIONAL : 0)
                | (json.path("control").asBoolean() ? CONTROL : 0);
        batch.putShort(ATTRIBUTES, (short) (batch.getShort(ATTRIBUTES) | bits));
    }

    private static byte[] text(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        var text = node.asText();
        var times = text.indexOf('*'); // "x*1000" is a thousand x
        return (times == 1 ? text.substring(0, 1).repeat(Integer.parseInt(text.substring(2))) : text)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void damage(String what, byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        switch (what) {
            case "" -> {}
            case "crc" -> buffer.putInt(CRC, buffer.getInt(CRC) + 1);
            case "magic 0" -> buffer.put(MAGIC, (byte) 0);
            case "magic 1" -> buffer.put(MAGIC, (byte) 1);
            case "magic 3" -> buffer.put(MAGIC, (byte) 3);
            case "length short" -> buffer.putInt(8, buffer.getInt(8) - 1);
            case "length long" -> buffer.putInt(8, buffer.getInt(8) + 1);
            case "length tiny" -> buffer.putInt(8, 4);
            case "base offset" -> buffer.putLong(0, 77);
            case "epoch" -> buffer.putInt(12, 99);
            case "count" -> checked(buffer, all -> all.putInt(COUNT, all.getInt(COUNT) + 1));
            case "count zero" -> checked(buffer, all -> all.putInt(COUNT, 0));
            case "last offset" ->
                checked(buffer, all -> all.putInt(LAST_OFFSET_DELTA, all.getInt(LAST_OFFSET_DELTA) + 1));
            case "append time" ->
                checked(buffer, all -> all.putShort(ATTRIBUTES, (short) (all.getShort(ATTRIBUTES) | 8)));
            case "codec 7" -> checked(buffer, all -> all.putShort(ATTRIBUTES, (short) (all.getShort(ATTRIBUTES) | 7)));
            case "delete horizon" ->
                checked(buffer, all -> all.putShort(ATTRIBUTES, (short) (all.getShort(ATTRIBUTES) | 64)));
            case "max timestamp" -> checked(buffer, all -> all.putLong(MAX_TIMESTAMP, all.getLong(MAX_TIMESTAMP) + 5));
            case "body" -> checked(buffer, all -> all.put(all.capacity() - 2, (byte) 0x7f));
            default -> throw new IllegalArgumentException("no such damage: " + what);
        }
    }

    /** A change under a checksum that fits. */
    private static void checked(ByteBuffer buffer, Consumer<ByteBuffer> change) {
        change.accept(buffer);
        var crc = new CRC32C();
        crc.update(buffer.array(), ATTRIBUTES, buffer.capacity() - ATTRIBUTES);
        buffer.putInt(CRC, (int) crc.getValue());
    }
}
