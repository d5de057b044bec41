package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Principal;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ApiVersionsResponse;
import io.millrace.client.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a node lets in who says whom it means (KIP-1242). */
class ApiVersionsHandlerTest {

    private static final Endpoint LISTENER = new Endpoint("PLAINTEXT", "127.0.0.1", 9092);

    private final SteppedBroker broker = new SteppedBroker();
    private final ApiVersionsHandler handler =
            new ApiVersionsHandler(broker.around(), () -> broker.apis().values());
    private final String cluster = broker.around().cluster().id();
    private final int node = broker.around().cluster().nodeId();

    @AfterEach
    void close() {
        broker.close();
    }

    private short error(int version, @Nullable String clusterId, int nodeId) {
        ApiVersionsRequest request = new ApiVersionsRequest()
                .clientSoftwareName("test")
                .clientSoftwareVersion("1")
                .clusterId(clusterId)
                .nodeId(nodeId);
        Answer.Response answer = (Answer.Response) handler.handle(
                        request,
                        new Call((short) version, "test", Principal.ANONYMOUS, LISTENER, "/127.0.0.1", broker.nowMs()))
                .poll(broker.nowMs());
        return ((ApiVersionsResponse) answer.message()).errorCode();
    }

    @Test
    void whoMeansAnotherNodeOrClusterBeginsAnew() {
        assertThat(error(5, cluster, node + 1)).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
        assertThat(error(5, "another", node)).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
    }

    @Test
    void whoMeansThisNodeItsCoordinatorOrDoesNotSayIsLetIn() {
        assertThat(error(5, cluster, node)).isZero();
        assertThat(error(5, cluster, Integer.MAX_VALUE - node)).isZero();
        assertThat(error(5, null, node + 1)).isZero();
        assertThat(error(5, "another", -1)).isZero();
        assertThat(error(4, "another", node)).isZero();
    }
}
