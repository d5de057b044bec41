package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Api;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ApiVersionsResponse;
import io.millrace.broker.message.ApiVersionsResponse.FinalizedFeatureKey;
import io.millrace.broker.message.ApiVersionsResponse.SupportedFeatureKey;
import io.millrace.client.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Says which APIs are served, and in which versions (KIP-511), and which features there are (KIP-584). A client that asks in a version nobody knows is told the
 * versions of this API alone, in its oldest form; one that has come to a node that it did not mean begins anew (KIP-1242).
 */
final class ApiVersionsHandler implements Handler<ApiVersionsRequest> {

    /** From here on a client says what software it is (KIP-511). */
    private static final short SOFTWARE = 3;

    /** From here on a client may say which node of which cluster it means to reach (KIP-1242). */
    private static final short IDENTITY = 5;

    private static final Pattern SOFTWARE_WORD = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?");

    /** The highest version of a request that is understood. */
    static final short HIGHEST = ApiVersionsRequest.HIGHEST_VERSION;

    /** Before it, some clients cannot read a feature that begins at level 0 (KAFKA-17492). */
    private static final short FEATURES_FROM_ZERO = 4;

    private final Surroundings around;
    private final Supplier<Collection<Api<?>>> apis;

    ApiVersionsHandler(Surroundings around, Supplier<Collection<Api<?>>> apis) {
        this.around = around;
        this.apis = apis;
    }

    @Override
    public Answer handle(ApiVersionsRequest request, Call call) {
        if (call.version() >= SOFTWARE && call.version() <= HIGHEST && !isNamed(request)) {
            return Answer.of(new ApiVersionsResponse().errorCode(ErrorCode.INVALID_REQUEST.code()));
        }
        if (call.version() > HIGHEST) {
            return Answer.of(new ApiVersionsResponse()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .apiKeys(List.of(new ApiVersionsResponse.ApiVersion()
                            .apiKey(ApiVersionsRequest.API_KEY)
                            .minVersion(ApiVersionsRequest.LOWEST_VERSION)
                            .maxVersion(HIGHEST))));
        }
        if (call.version() >= IDENTITY && isForAnother(request)) {
            return Answer.of(new ApiVersionsResponse().errorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code()));
        }
        return Answer.of(new ApiVersionsResponse()
                .apiKeys(apis.get().stream()
                        .map(api -> new ApiVersionsResponse.ApiVersion()
                                .apiKey(api.key())
                                .minVersion(api.advertisedLowest())
                                .maxVersion(api.highest()))
                        .toList())
                .supportedFeatures(Feature.ALL.stream()
                        .filter(feature -> feature.lowest() > 0 || call.version() >= FEATURES_FROM_ZERO)
                        .map(feature -> new SupportedFeatureKey()
                                .name(feature.name())
                                .minVersion(feature.lowest())
                                .maxVersion(feature.highest()))
                        .toList())
                // Grows with each life of the node, of which a newer one may have other features.
                .finalizedFeaturesEpoch(around.door().leaderEpoch())
                .finalizedFeatures(Feature.ALL.stream()
                        .map(feature -> new FinalizedFeatureKey()
                                .name(feature.name())
                                .minVersionLevel(feature.highest())
                                .maxVersionLevel(feature.highest()))
                        .toList()));
    }

    /** Clients name the connection to a coordinator by the largest int without the node's id, and this one too. */
    private boolean isForAnother(ApiVersionsRequest request) {
        int here = around.cluster().nodeId();
        int meant = request.nodeId();
        return request.clusterId() != null
                && meant >= 0
                && (!request.clusterId().equals(around.cluster().id())
                        || meant != here && meant != Integer.MAX_VALUE - here);
    }

    private static boolean isNamed(ApiVersionsRequest request) {
        return SOFTWARE_WORD.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE_WORD.matcher(request.clientSoftwareVersion()).matches();
    }
}
