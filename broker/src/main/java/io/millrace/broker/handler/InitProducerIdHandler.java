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

/** Gives a producer its identity (KIP-98). */
final class InitProducerIdHandler implements Handler<InitProducerIdRequest> {

    private final Surroundings around;

    InitProducerIdHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(InitProducerIdRequest request, Call call) {
        if (request.transactionalId() != null) {
            return refused(ErrorCode.UNSUPPORTED_VERSION);
        }
        if (!around.allows(call, Operation.IDEMPOTENT_WRITE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return refused(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
        return Answer.when(around.door().freshProducer(), InitProducerIdHandler::response);
    }

    private static Answer refused(ErrorCode why) {
        return Answer.of(new InitProducerIdResponse()
                .errorCode(why.code())
                .producerId(RecordBatch.NO_PRODUCER_ID)
                .producerEpoch(RecordBatch.NO_PRODUCER_EPOCH));
    }

    private static InitProducerIdResponse response(Pending<ProducerIdentity> pending) {
        if (pending.isFailed()) {
            return new InitProducerIdResponse()
                    .errorCode(pending.error().code())
                    .producerId(RecordBatch.NO_PRODUCER_ID)
                    .producerEpoch(RecordBatch.NO_PRODUCER_EPOCH);
        }
        ProducerIdentity identity = pending.value();
        return new InitProducerIdResponse().producerId(identity.producerId()).producerEpoch(identity.epoch());
    }
}
