package io.millrace.server.command;

import io.millrace.broker.message.DescribeTransactionsRequest;
import io.millrace.broker.message.DescribeTransactionsResponse;
import io.millrace.broker.message.ListTransactionsRequest;
import io.millrace.broker.message.ListTransactionsResponse;
import io.millrace.broker.message.ListTransactionsResponse.TransactionState;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.ClusterClient.CoordinatorOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace transactions}: shows transactions, and ends those that nobody will end. */
@Command(
        name = "transactions",
        description = "Shows transactions, and aborts those that nobody will end.",
        synopsisSubcommandLabel = "COMMAND")
public final class TransactionsCommand {

    private static final long ANY_DURATION = -1;

    @Command(name = "list", description = "Lists the transactional ids that are known.")
    int list(
            @Mixin NodeAccess node,
            @Option(names = "--state", paramLabel = "STATE", description = "Only these, such as Ongoing.") @Nullable
                    List<String> states,
            @Option(names = "--longer-than", paramLabel = "PT1M", description = "Only those that run for longer.")
                    @Nullable
                    Duration longerThan) {
        try (ClusterClient cluster = node.open()) {
            List<TransactionState> all = new ArrayList<>();
            for (int id : cluster.nodes().keySet()) {
                ListTransactionsRequest request = new ListTransactionsRequest()
                        .durationFilter(longerThan == null ? ANY_DURATION : longerThan.toMillis());
                if (states != null) {
                    request.stateFilters().addAll(states);
                }
                ListTransactionsResponse response = cluster.askNode(
                        id,
                        ListTransactionsRequest.KIND,
                        ListTransactionsRequest.HIGHEST_VERSION,
                        request,
                        ListTransactionsResponse::read);
                ClientException.check("transactions of node " + id, response.errorCode(), null);
                if (!response.unknownStateFilters().isEmpty()) {
                    throw new CommandRefused("there is no state " + response.unknownStateFilters() + ".");
                }
                all.addAll(response.transactionStates());
            }
            all.sort(Comparator.comparing(TransactionState::transactionalId));
            Report report = node.report("transactionalId", "producerId", "state");
            all.forEach(one -> report.row(one.transactionalId(), one.producerId(), one.transactionState()));
            report.print();
            return 0;
        }
    }

    @Command(name = "describe", description = "Shows the transaction of an id, and the partitions in it.")
    int describe(
            @Mixin NodeAccess node,
            @Parameters(arity = "1..*", paramLabel = "ID", description = "Transactional ids.") List<String> ids) {
        try (ClusterClient cluster = node.open()) {
            Report report = node.report(
                    "transactionalId", "producerId", "producerEpoch", "state", "timeoutMs", "started", "partitions");
            for (String id : ids) {
                DescribeTransactionsRequest request = new DescribeTransactionsRequest();
                request.transactionalIds().add(id);
                DescribeTransactionsResponse response = cluster.askCoordinator(
                        CoordinatorOf.TRANSACTION,
                        id,
                        DescribeTransactionsRequest.KIND,
                        DescribeTransactionsRequest.HIGHEST_VERSION,
                        request,
                        DescribeTransactionsResponse::read);
                for (var one : response.transactionStates()) {
                    ClientException.check("transactional id " + id, one.errorCode(), null);
                    List<String> partitions = new ArrayList<>();
                    one.topics().forEach(topic -> {
                        for (int partition : topic.partitions()) {
                            partitions.add(topic.topic() + "-" + partition);
                        }
                    });
                    long startedMs = one.transactionStartTimeMs();
                    report.row(
                            one.transactionalId(),
                            one.producerId(),
                            one.producerEpoch(),
                            one.transactionState(),
                            one.transactionTimeoutMs(),
                            startedMs < 0
                                    ? null
                                    : Instant.ofEpochMilli(startedMs).toString(),
                            partitions);
                }
            }
            report.print();
            return 0;
        }
    }

    @Command(
            name = "abort",
            description = "Aborts a transaction that hangs: one that no coordinator knows, but that holds readers of a"
                    + " partition back.",
            footer = {"", "'transactions hanging' shows where such a transaction begins."})
    int abort(
            @Mixin NodeAccess node,
            @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "Where it hangs.")
                    String topic,
            @Option(names = "--partition", required = true, paramLabel = "N", description = "Where it hangs.")
                    int partition,
            @Option(
                            names = "--start-offset",
                            required = true,
                            paramLabel = "OFFSET",
                            description = "The first offset of the transaction.")
                    long startOffset) {
        try (ClusterClient cluster = node.open()) {
            OpenTransactions open = new OpenTransactions(cluster);
            TopicPartition where = new TopicPartition(topic, partition);
            OpenTransactions.Producer producer = open.in(where).stream()
                    .filter(one -> one.startOffset() == startOffset)
                    .findFirst()
                    .orElseThrow(() -> new CommandRefused(
                            "no open transaction of " + where + " begins at offset " + startOffset + "."));
            open.abort(where, producer);
            node.say("The transaction of producer " + producer.id() + " in " + where + " is aborted.");
            return 0;
        }
    }

    @Command(name = "hanging", description = "Shows the open transactions in a topic that have run for long.")
    int hanging(
            @Mixin NodeAccess node,
            @Parameters(paramLabel = "TOPIC", description = "Where to look.") String topic,
            @Option(
                            names = "--longer-than",
                            paramLabel = "PT15M",
                            defaultValue = "PT15M",
                            description =
                                    "Since their last record; default PT15M, which no living transaction exceeds.")
                    Duration longerThan) {
        try (ClusterClient cluster = node.open()) {
            Report report =
                    node.report("topic", "partition", "producerId", "producerEpoch", "startOffset", "lastTimestamp");
            long before = Instant.now().minus(longerThan).toEpochMilli();
            OpenTransactions open = new OpenTransactions(cluster);
            for (TopicPartition partition : TopicsCommand.partitions(cluster.topic(topic))) {
                open.in(partition).stream()
                        .filter(one -> one.lastTimestampMs() <= before)
                        .forEach(one -> report.row(
                                topic,
                                partition.partition(),
                                one.id(),
                                one.epoch(),
                                one.startOffset(),
                                Instant.ofEpochMilli(one.lastTimestampMs()).toString()));
            }
            report.print();
            return 0;
        }
    }
}
