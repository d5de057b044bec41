package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.AddOffsetsToTxnRequest;
import io.millrace.broker.message.AddOffsetsToTxnResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;

/** Makes a group's positions a part of a transaction, before they are committed in it (KIP-98). */
final class AddOffsetsToTxnHandler implements Handler<AddOffsetsToTxnRequest> {

    private static final short FENCING = 2;

    private final Surroundings around;

    AddOffsetsToTxnHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(AddOffsetsToTxnRequest request, Call call) {
        String id = request.transactionalId();
        if (!around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, id)) {
            return Answer.of(response(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(response(ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        ProducerIdentity producer = new ProducerIdentity(request.producerId(), request.producerEpoch());
        return Answer.when(
                around.door().transactions().addGroup(id, producer, request.groupId()),
                answer -> response(TransactionErrors.of(answer, call.version() >= FENCING)));
    }

    private static AddOffsetsToTxnResponse response(ErrorCode error) {
        return new AddOffsetsToTxnResponse().errorCode(error.code());
    }
}
