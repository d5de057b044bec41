package io.millrace.conformance.client;

import io.millrace.conformance.differential.Wire;
import java.io.IOException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** What a node says that it serves. */
final class Served {

    private Served() {}

    static boolean hasTransactions(String address) throws IOException {
        try (var wire = new Wire(address)) {
            wire.send(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData(), true);
            var answer = (ApiVersionsResponseData) wire.receive().orElseThrow();
            return answer.apiKeys().find(ApiKeys.END_TXN.id) != null;
        }
    }
}
