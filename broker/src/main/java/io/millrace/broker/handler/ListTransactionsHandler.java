package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.handler.IdPattern.InvalidPatternException;
import io.millrace.broker.message.ListTransactionsRequest;
import io.millrace.broker.message.ListTransactionsResponse;
import io.millrace.broker.message.ListTransactionsResponse.TransactionState;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.TransactionEntry;
import io.millrace.coordinator.TransactionPhase;
import io.millrace.node.TransactionDoor.Listing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists transactional ids, by state, producer, how long they are open and name (KIP-664, KIP-994, KIP-1152). */
final class ListTransactionsHandler implements Handler<ListTransactionsRequest> {

    private final Surroundings around;

    ListTransactionsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ListTransactionsRequest request, Call call) {
        String expression = request.transactionalIdPattern();
        try {
            IdPattern pattern = expression == null || expression.isEmpty() ? null : IdPattern.of(expression);
            return Answer.when(around.door().transactions().list(), answer -> {
                if (answer.isFailed()) {
                    return refused(TransactionErrors.of(answer, true));
                }
                try {
                    return response(request, pattern, answer.value(), call);
                } catch (InvalidPatternException e) {
                    return refused(ErrorCode.INVALID_REGULAR_EXPRESSION);
                }
            });
        } catch (InvalidPatternException e) {
            return Answer.of(refused(ErrorCode.INVALID_REGULAR_EXPRESSION));
        }
    }

    private static ListTransactionsResponse refused(ErrorCode why) {
        return new ListTransactionsResponse().errorCode(why.code());
    }

    private ListTransactionsResponse response(
            ListTransactionsRequest request, @Nullable IdPattern pattern, Listing listing, Call call)
            throws InvalidPatternException {
        ListTransactionsResponse response = new ListTransactionsResponse();
        Set<TransactionPhase> phases = EnumSet.noneOf(TransactionPhase.class);
        for (String name : request.stateFilters()) {
            TransactionPhase phase = phaseNamed(name);
            if (phase == null) {
                response.unknownStateFilters().add(name);
            } else {
                phases.add(phase);
            }
        }
        Set<Long> producers =
                Arrays.stream(request.producerIdFilters()).boxed().collect(Collectors.toUnmodifiableSet());
        List<TransactionState> states = new ArrayList<>();
        for (TransactionEntry entry : listing.entries()) {
            boolean wanted = (producers.isEmpty() || producers.contains(entry.producerId()))
                    && (request.stateFilters().isEmpty() || phases.contains(entry.phase()))
                    && (request.durationFilter() < 0 || listing.nowMs() - entry.startMs() > request.durationFilter())
                    && (pattern == null || pattern.matches(entry.transactionalId()));
            if (wanted && around.allows(call, Operation.DESCRIBE, Resource.TRANSACTIONAL_ID, entry.transactionalId())) {
                states.add(new TransactionState()
                        .transactionalId(entry.transactionalId())
                        .producerId(entry.producerId())
                        .transactionState(entry.phase().title()));
            }
        }
        return response.transactionStates(states);
    }

    private static @Nullable TransactionPhase phaseNamed(String name) {
        for (TransactionPhase phase : TransactionPhase.values()) {
            if (phase.title().equals(name)) {
                return phase;
            }
        }
        return null;
    }
}
