package io.millrace.broker.handler;

import io.millrace.broker.Api;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.InitProducerIdRequest;
import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.OffsetForLeaderEpochRequest;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.record.wire.Message;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The APIs this node serves, and in which versions: what is not in here is not advertised and closes the connection. */
public final class Apis {

    private final Map<Short, Api<?>> apis = new TreeMap<>();

    private Apis() {}

    /** The handlers of one event loop. */
    public static Map<Short, Api<?>> of(Surroundings around) {
        Apis all = new Apis();
        // librdkafka compresses only if Produce v0 is advertised, although nobody may use it (KAFKA-18659).
        all.add(new Api<>(
                ProduceRequest.API_KEY,
                "Produce",
                ProduceRequest.LOWEST_VERSION,
                (short) 11,
                (short) 0,
                ProduceRequest.LOWEST_FLEXIBLE_VERSION,
                ProduceRequest::read,
                new ProduceHandler(around)));
        all.add(
                FetchRequest.API_KEY,
                "Fetch",
                FetchRequest.LOWEST_VERSION,
                FetchRequest.HIGHEST_VERSION,
                FetchRequest.LOWEST_FLEXIBLE_VERSION,
                FetchRequest::read,
                new FetchHandler(around));
        all.add(
                ListOffsetsRequest.API_KEY,
                "ListOffsets",
                ListOffsetsRequest.LOWEST_VERSION,
                ListOffsetsRequest.HIGHEST_VERSION,
                ListOffsetsRequest.LOWEST_FLEXIBLE_VERSION,
                ListOffsetsRequest::read,
                new ListOffsetsHandler(around));
        all.add(
                MetadataRequest.API_KEY,
                "Metadata",
                MetadataRequest.LOWEST_VERSION,
                MetadataRequest.HIGHEST_VERSION,
                MetadataRequest.LOWEST_FLEXIBLE_VERSION,
                MetadataRequest::read,
                new MetadataHandler(around));
        all.add(
                FindCoordinatorRequest.API_KEY,
                "FindCoordinator",
                FindCoordinatorRequest.LOWEST_VERSION,
                FindCoordinatorRequest.HIGHEST_VERSION,
                FindCoordinatorRequest.LOWEST_FLEXIBLE_VERSION,
                FindCoordinatorRequest::read,
                new FindCoordinatorHandler(around));
        all.add(
                ApiVersionsRequest.API_KEY,
                "ApiVersions",
                ApiVersionsRequest.LOWEST_VERSION,
                ApiVersionsHandler.HIGHEST,
                ApiVersionsRequest.LOWEST_FLEXIBLE_VERSION,
                ApiVersionsRequest::read,
                new ApiVersionsHandler(all.apis::values));
        all.add(
                InitProducerIdRequest.API_KEY,
                "InitProducerId",
                InitProducerIdRequest.LOWEST_VERSION,
                (short) 5,
                InitProducerIdRequest.LOWEST_FLEXIBLE_VERSION,
                InitProducerIdRequest::read,
                new InitProducerIdHandler(around));
        all.add(
                OffsetForLeaderEpochRequest.API_KEY,
                "OffsetForLeaderEpoch",
                OffsetForLeaderEpochRequest.LOWEST_VERSION,
                OffsetForLeaderEpochRequest.HIGHEST_VERSION,
                OffsetForLeaderEpochRequest.LOWEST_FLEXIBLE_VERSION,
                OffsetForLeaderEpochRequest::read,
                new OffsetForLeaderEpochHandler(around));
        return Collections.unmodifiableMap(all.apis);
    }

    private <Q extends Message> void add(
            short key,
            String name,
            short lowest,
            short highest,
            int lowestFlexible,
            Message.Decoder<Q> decoder,
            Handler<Q> handler) {
        add(new Api<>(key, name, lowest, highest, lowest, lowestFlexible, decoder, handler));
    }

    private void add(Api<?> api) {
        apis.put(api.key(), api);
    }
}
