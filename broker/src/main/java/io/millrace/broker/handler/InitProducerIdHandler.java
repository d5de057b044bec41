package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.InitProducerIdRequest;
import io.millrace.broker.message.InitProducerIdResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.record.RecordBatch;

/**
 * Gives a producer its identity (KIP-98), or the next one after an error (KIP-360). Version 6, in which transactions have two
 * phases (KIP-939), is not served.
 */
final class InitProducerIdHandler implements Handler<InitProducerIdRequest> {

    static final short HIGHEST = 5;
    private static final short FENCING = 4;

    private final Surroundings around;

    InitProducerIdHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(InitProducerIdRequest request, Call call) {
        String id = request.transactionalId();
        ErrorCode refusal = refusal(request, call);
        if (refusal != ErrorCode.NONE) {
            return Answer.of(refused(refusal));
        }
        if (id == null) {
            return Answer.when(
                    around.door().transactions().freshProducer(), answer -> response(answer, ErrorCode.NONE));
        }
        ProducerIdentity claimed = request.producerId() == RecordBatch.NO_PRODUCER_ID
                ? null
                : new ProducerIdentity(request.producerId(), request.producerEpoch());
        return Answer.when(
                around.door().transactions().init(id, request.transactionTimeoutMs(), claimed),
                answer -> response(answer, TransactionErrors.of(answer, call.version() >= FENCING)));
    }

    private ErrorCode refusal(InitProducerIdRequest request, Call call) {
        String id = request.transactionalId();
        if (id != null && !around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, id)) {
            return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        if (id == null && !around.allows(call, Operation.IDEMPOTENT_WRITE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        }
        boolean hasId = request.producerId() != RecordBatch.NO_PRODUCER_ID;
        boolean hasEpoch = request.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
        return hasId == hasEpoch ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
    }

    private static InitProducerIdResponse refused(ErrorCode why) {
        return new InitProducerIdResponse()
                .errorCode(why.code())
                .producerId(RecordBatch.NO_PRODUCER_ID)
                .producerEpoch(RecordBatch.NO_PRODUCER_EPOCH);
    }

    private static InitProducerIdResponse response(Pending<ProducerIdentity> answer, ErrorCode error) {
        if (answer.isFailed()) {
            return refused(error == ErrorCode.NONE ? answer.error() : error);
        }
        ProducerIdentity identity = answer.value();
        return new InitProducerIdResponse().producerId(identity.producerId()).producerEpoch(identity.epoch());
    }
}
