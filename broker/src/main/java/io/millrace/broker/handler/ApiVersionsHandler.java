package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Api;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ApiVersionsResponse;
import io.millrace.client.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says which APIs are served, and in which versions (KIP-511). A client that asks in a version nobody knows is told the
 * versions of this API alone, in its oldest form.
 */
final class ApiVersionsHandler implements Handler<ApiVersionsRequest> {

    /** The highest version of a request that is understood. */
    static final short HIGHEST = ApiVersionsRequest.HIGHEST_VERSION;

    private final Supplier<Collection<Api<?>>> apis;

    ApiVersionsHandler(Supplier<Collection<Api<?>>> apis) {
        this.apis = apis;
    }

    @Override
    public Answer handle(ApiVersionsRequest request, Call call) {
        if (call.version() > HIGHEST) {
            return Answer.of(new ApiVersionsResponse()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .apiKeys(List.of(new ApiVersionsResponse.ApiVersion()
                            .apiKey(ApiVersionsRequest.API_KEY)
                            .minVersion(ApiVersionsRequest.LOWEST_VERSION)
                            .maxVersion(HIGHEST))));
        }
        return Answer.of(new ApiVersionsResponse()
                .apiKeys(apis.get().stream()
                        .map(api -> new ApiVersionsResponse.ApiVersion()
                                .apiKey(api.key())
                                .minVersion(api.advertisedLowest())
                                .maxVersion(api.highest()))
                        .toList()));
    }
}
