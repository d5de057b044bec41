package io.millrace.conformance.differential;

import static org.apache.kafka.common.protocol.ApiKeys.API_VERSIONS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/** Frames that are not as they should be. */
final class FrameScripts {

    private FrameScripts() {}

    static List<Script> all() {
        return List.of(frames(), versions());
    }

    private static byte[] request(Wire wire, ApiKeys api, int version, String body) {
        return wire.frame(api, (short) version, Fill.request(api, (short) version, body));
    }

    private static byte[] metadata(Wire wire, int version) {
        return request(wire, METADATA, version, "{topics: [{name: 'frames'}], allowAutoTopicCreation: false}");
    }

    private static byte[] bytes(int... values) {
        var buffer = ByteBuffer.allocate(values.length * Integer.BYTES);
        Arrays.stream(values).forEach(buffer::putInt);
        return buffer.array();
    }

    private static byte[] with(byte[] frame, int at, int value) {
        ByteBuffer.wrap(frame).putShort(at, (short) value);
        return frame;
    }

    private static Script frames() {
        var script = new Script("frames");
        for (var version : new int[] {1, 9}) {
            script.frame("whole v" + version, wire -> metadata(wire, version))
                    .frame(
                            "with a byte more v" + version,
                            wire -> Arrays.copyOf(metadata(wire, version), metadata(wire, version).length + 1))
                    .frame(
                            "with a byte less v" + version,
                            wire -> Arrays.copyOf(metadata(wire, version), metadata(wire, version).length - 1))
                    .frame(
                            "half v" + version,
                            wire -> Arrays.copyOf(metadata(wire, version), metadata(wire, version).length / 2))
                    .frame("header alone v" + version, wire -> Arrays.copyOf(metadata(wire, version), 8));
        }
        return script.frame("empty", wire -> new byte[0])
                .raw("of a length below 0", wire -> bytes(-1, 0, 0))
                .raw("of the largest length", wire -> bytes(Integer.MAX_VALUE, 0, 0))
                .frame("of an API nobody has", wire -> with(metadata(wire, 1), 0, 999))
                .frame("of an API below 0", wire -> with(metadata(wire, 1), 0, -1))
                .frame("of a version nobody has", wire -> with(metadata(wire, 1), 2, 99))
                .frame("of a version below 0", wire -> with(metadata(wire, 1), 2, -1))
                .frame("of a version that is gone", wire -> with(metadata(wire, 1), 0, 1))
                .frame("of a retired API", wire -> with(metadata(wire, 1), 0, 4))
                .frame("of no client", wire -> {
                    var frame = ByteBuffer.allocate(14);
                    return frame.putShort((short) 3)
                            .putShort((short) 1)
                            .putInt(7)
                            .putShort((short) -1)
                            .putInt(0)
                            .array();
                })
                .frame("a client of a length below -1", wire -> with(metadata(wire, 1), 8, -2))
                .frame("a client longer than the frame", wire -> with(metadata(wire, 1), 8, 32000))
                .frame("an array longer than the frame", wire -> {
                    var frame = ByteBuffer.allocate(14);
                    return frame.putShort((short) 3)
                            .putShort((short) 1)
                            .putInt(7)
                            .putShort((short) -1)
                            .putInt(1 << 30)
                            .array();
                })
                .frame("an array of a length below -1", wire -> {
                    var frame = ByteBuffer.allocate(14);
                    return frame.putShort((short) 3)
                            .putShort((short) 1)
                            .putInt(7)
                            .putShort((short) -1)
                            .putInt(-5)
                            .array();
                })
                .frame("a null that may not be", wire -> {
                    var frame = ByteBuffer.allocate(14);
                    return frame.putShort((short) 9)
                            .putShort((short) 1)
                            .putInt(7)
                            .putShort((short) -1)
                            .putShort((short) -1)
                            .putShort((short) 0)
                            .array();
                })
                .frame("a tag nobody knows", wire -> {
                    var frame = request(wire, LIST_GROUPS, 3, "{}");
                    var longer = Arrays.copyOf(frame, frame.length + 4);
                    longer[frame.length - 1] = 1;
                    longer[frame.length] = 77;
                    longer[frame.length + 1] = 2;
                    return longer;
                });
    }

    private static Script versions() {
        var script = new Script("versions");
        for (var version : new int[] {0, 1, 2, 3, 4}) {
            script.frame(
                    "are asked for in v" + version,
                    wire -> request(
                            wire,
                            API_VERSIONS,
                            version,
                            "{clientSoftwareName: 'millrace', clientSoftwareVersion: '1'}"));
        }
        return script.frame(
                        "are asked for in a version to come",
                        wire -> with(
                                request(
                                        wire,
                                        API_VERSIONS,
                                        3,
                                        "{clientSoftwareName: 'millrace', clientSoftwareVersion: '1'}"),
                                2,
                                77))
                .frame("are asked for by a client without a name", wire -> request(wire, API_VERSIONS, 3, "{}"))
                .frame(
                        "are asked for by a client with an odd name",
                        wire -> request(
                                wire, API_VERSIONS, 3, "{clientSoftwareName: 'a b', clientSoftwareVersion: '-'}"))
                .frame("a body longer than its fields", wire -> {
                    var frame = request(wire, OFFSET_FETCH, 1, "{groupId: 'g', topics: []}");
                    return Arrays.copyOf(frame, frame.length + 5);
                });
    }
}
