package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.EndTxnRequest;
import io.millrace.broker.message.EndTxnResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.coordinator.TransactionVersion;

/** Commits or aborts a transaction (KIP-98); from version 5 on the producer goes on with the next epoch (KIP-890). */
final class EndTxnHandler implements Handler<EndTxnRequest> {

    private static final short BUMPS_EPOCH = 5;
    private static final short FENCING = 2;

    private final Surroundings around;

    EndTxnHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(EndTxnRequest request, Call call) {
        String id = request.transactionalId();
        if (!around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, id)) {
            return Answer.of(new EndTxnResponse().errorCode(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code()));
        }
        TransactionVersion version = call.version() >= BUMPS_EPOCH ? TransactionVersion.V2 : TransactionVersion.V0;
        ProducerIdentity producer = new ProducerIdentity(request.producerId(), request.producerEpoch());
        return Answer.when(around.door().transactions().end(id, producer, request.committed(), version), answer -> {
            ErrorCode error = TransactionErrors.of(answer, call.version() >= FENCING);
            EndTxnResponse response = new EndTxnResponse().errorCode(error.code());
            if (error == ErrorCode.NONE && version == TransactionVersion.V2) {
                response.producerId(answer.value().producerId())
                        .producerEpoch(answer.value().epoch());
            }
            return response;
        });
    }
}
