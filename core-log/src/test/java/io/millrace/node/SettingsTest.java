package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.TopicDescription;
import io.millrace.coordinator.GroupSettings;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.MemoryLogStorage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What clients set beside the configurations of topics. */
class SettingsTest {

    private static final SettingsScope NODE = SettingsScope.node(1);

    private final FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());

    private Topics topics(Metadata metadata) {
        return new Topics(
                storage,
                NodeConfig.DEFAULT.withTopicDefault("retention.ms", "1"),
                new PartitionTable(),
                new DeletedDirectories(storage, NodeConfig.DEFAULT.ids()),
                new LogStarts(storage),
                metadata);
    }

    private Metadata reread() {
        return new Metadata(storage, MetadataFile.read(storage).orElseThrow());
    }

    @Test
    void whatIsSetForTheNodeGoesBeforeWhatAllShareAndBothBeforeTheStart() {
        var topics = topics(new Metadata(storage, MetadataImage.EMPTY.withLeaderEpoch(1)));
        assertThat(topics.configOf(Map.of()).retentionMs()).isEqualTo(1);

        topics.changeSettings(SettingsScope.ALL_NODES, before -> Map.of("log.retention.minutes", "2"), false);
        assertThat(topics.configOf(Map.of()).retentionMs()).isEqualTo(120_000);
        topics.changeSettings(NODE, before -> Map.of("log.retention.ms", "3"), false);
        assertThat(topics.configOf(Map.of()).retentionMs()).isEqualTo(3);
        assertThat(topics.configOf(Map.of("retention.ms", "4")).retentionMs()).isEqualTo(4);

        var again = topics(reread());
        assertThat(again.configOf(Map.of()).retentionMs()).isEqualTo(3);
        again.changeSettings(NODE, before -> Map.of(), false);
        assertThat(again.configOf(Map.of()).retentionMs()).isEqualTo(120_000);
    }

    @Test
    void whatIsRefusedOrOnlyCheckedOrNotWrittenDoesNotCount() {
        var metadata = new Metadata(storage, MetadataImage.EMPTY.withLeaderEpoch(1));
        var topics = topics(metadata);

        assertThatThrownBy(() -> topics.changeSettings(
                        NODE,
                        before -> Map.of(
                                "log.cleaner.min.compaction.lag.ms", "5", "log.cleaner.max.compaction.lag.ms", "4"),
                        false))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.INVALID_CONFIG));
        assertThatThrownBy(() -> topics.changeSettings(
                        NODE,
                        before -> {
                            throw new IllegalStateException("a mistake");
                        },
                        false))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR));
        assertThatThrownBy(() -> topics.changeSettings(NODE, before -> Map.of("k", "v".repeat(40_000)), false))
                .hasMessageContaining("longer than 32767 bytes");
        topics.changeSettings(NODE, before -> Map.of("log.retention.ms", "3"), true);
        storage.failOn(Operation.WRITE, MetadataFile.FILE, Effect.NO_SPACE);
        assertThatThrownBy(() -> topics.changeSettings(NODE, before -> Map.of("log.retention.ms", "3"), false))
                .isInstanceOf(LogException.class);

        assertThat(topics.configOf(Map.of()).retentionMs()).isEqualTo(1);
        assertThat(metadata.settings().of(NODE)).isEmpty();
    }

    @Test
    void theFileKeepsSettingsOfEveryKind() {
        var settings = SettingsImage.EMPTY;
        for (var kind : SettingsScope.Kind.values()) {
            settings = settings.with(new SettingsScope(kind, "name"), Map.of("key", kind.name()));
        }
        var topic = new TopicDescription("t", new UUID(1, 2), 3, Map.of("retention.ms", "1"), false);

        var read = MetadataFile.decode(MetadataFile.encode(new MetadataImage(4, 5, Map.of("t", topic), settings)))
                .orElseThrow();

        assertThat(read.topics()).containsOnly(Map.entry("t", topic));
        assertThat(read.settings().all()).isEqualTo(settings.all());
        assertThat(read.settings().names(SettingsScope.Kind.GROUP)).containsExactly("name");
    }

    @Test
    void namesThatAreTooLongToBeKeptAreRefusedAndTheNodeGoesOn() {
        try (var log = new SteppedLog(1)) {
            var admin = log.node().newDoor(Signal.NONE).admin();
            var client = new SettingsScope(SettingsScope.Kind.QUOTA, "client-id=" + "%C3%A9".repeat(16_000));

            assertThat(log.refusal(admin.changeSettings(client, before -> Map.of("k", "1.0"), false)))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(log.refusal(admin.changeSettings(
                            NODE, before -> Map.of("k".repeat(Metadata.NAME_BYTES_MAX + 1), "1"), false)))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
            var longest = SettingsScope.group("é".repeat(Metadata.NAME_BYTES_MAX / 2));
            log.answer(admin.changeSettings(longest, before -> Map.of("k", "1"), false));
            assertThat(admin.settings().of(longest)).isNotEmpty();
        }
    }

    @Test
    void aFileOfANewerVersionIsNeitherReadNorWrittenOver() {
        var memory = new MemoryLogStorage();
        new SteppedLog(1, memory, NodeConfig.DEFAULT, new ManualClock(SteppedLog.START_MS)).close();
        byte[] newer = memory.readAll(MetadataFile.FILE);
        ByteBuffer.wrap(newer).putInt(4, 3);
        memory.replace(MetadataFile.FILE, newer);

        assertThatThrownBy(() -> new SteppedLog(1, memory, NodeConfig.DEFAULT, new ManualClock(SteppedLog.START_MS)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("newer Millrace");
        assertThat(memory.readAll(MetadataFile.FILE)).isEqualTo(newer);
    }

    @Test
    void aFileFromBeforeThereWereSettingsIsRead() {
        byte[] file = MetadataFile.encode(MetadataImage.EMPTY.withLeaderEpoch(7));
        byte[] body = Arrays.copyOfRange(file, 16, file.length - Integer.BYTES); // without the count of settings
        var crc = new CRC32C();
        crc.update(body);
        byte[] old = ByteBuffer.allocate(16 + body.length)
                .putInt(0x4d4c4d49)
                .putInt(1)
                .putInt(body.length)
                .putInt((int) crc.getValue())
                .put(body)
                .array();

        assertThat(MetadataFile.decode(old)).get().satisfies(image -> {
            assertThat(image.leaderEpoch()).isEqualTo(7);
            assertThat(image.settings().all()).isEmpty();
        });
    }

    @Test
    void whatIsSetWhileTheNodeRunsGoesFromTheGroupOverTheNodeToAllNodes() {
        var metadata = new Metadata(storage, MetadataImage.EMPTY.withLeaderEpoch(1));
        var topics = topics(metadata);
        var live = new LiveSettings(metadata, 1);
        String ofGroups = GroupSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS;
        assertThat(live.producerExpirationMs(5)).isEqualTo(5);
        assertThat(live.find("g", ofGroups)).isNull();

        topics.changeSettings(
                SettingsScope.ALL_NODES,
                before -> Map.of("producer.id.expiration.ms", "6", "group.consumer.assignment.interval.ms", "7"),
                false);
        assertThat(live.producerExpirationMs(5)).isEqualTo(6);
        assertThat(live.find("g", ofGroups)).isEqualTo("7");
        topics.changeSettings(NODE, before -> Map.of("producer.id.expiration.ms", "8"), false);
        topics.changeSettings(SettingsScope.group("g"), before -> Map.of(ofGroups, "9"), false);
        assertThat(live.producerExpirationMs(5)).isEqualTo(8);
        assertThat(live.find("g", ofGroups)).isEqualTo("9");
        assertThat(live.find("h", ofGroups)).isEqualTo("7");
        assertThat(live.find("h", GroupSettings.CONSUMER_SESSION_TIMEOUT_MS)).isNull();
    }

    @Test
    void aDoorShowsWhatIsSet() {
        try (var log = new SteppedLog(1)) {
            var admin = log.node().newDoor(Signal.NONE).admin();

            log.answer(admin.changeSettings(SettingsScope.group("g"), before -> Map.of("k", "v"), false));

            assertThat(admin.settings().of(SettingsScope.group("g"))).containsOnly(Map.entry("k", "v"));
            assertThat(admin.location()).isNotEmpty();
        }
    }
}
