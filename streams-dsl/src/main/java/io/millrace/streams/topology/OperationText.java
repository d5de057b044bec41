package io.millrace.streams.topology;

import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.Windows;
import io.millrace.streams.topology.Operation.AggregateStream;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in a few words what an operation does, for people. Functions have no words. */
public final class OperationText {

    private OperationText() {}

    public static String of(Node node) {
        String late = node.lateTo() == null ? "" : ", late records to " + node.lateTo();
        String errors = node.errorPolicy() == null ? "" : errors(node.errorPolicy());
        return of(node.operation()) + late + errors;
    }

    private static String of(Operation operation) {
        if (Operations.isSource(operation)) {
            return source(operation);
        }
        if (operation instanceof AggregateStream aggregate) {
            return aggregate(aggregate);
        }
        if (operation instanceof Operation.WriteTopic write) {
            return "writes " + (write.topic() == null ? "topics chosen per record" : write.topic()) + " ("
                    + write.keys().name() + " → " + write.values().name() + ")";
        }
        if (operation instanceof Operation.JoinStreamStream join) {
            JoinWindows windows = join.windows();
            return kind(join.kind()) + " join of streams, " + windows.beforeMs() + " ms before to " + windows.afterMs()
                    + " ms after" + grace(windows.graceMs());
        }
        if (operation instanceof Operation.JoinStreamTable join) {
            return kind(join.kind()) + " join of a stream with a table";
        }
        if (operation instanceof Operation.JoinTableTable join) {
            return kind(join.kind()) + " join of tables";
        }
        if (operation instanceof Operation.Split split) {
            return "split in " + split.predicates().size();
        }
        if (operation instanceof Operation.Branch branch) {
            return "branch " + branch.index();
        }
        return Operations.kind(operation).replace('-', ' ');
    }

    private static String source(Operation operation) {
        if (operation instanceof Operation.ReadTopic read) {
            return "reads " + Operations.subject(read) + " (" + read.keys().name() + " → "
                    + read.values().name() + ")";
        }
        if (operation instanceof Operation.ReadTable table) {
            return "table of " + table.topic() + " (" + table.keys().name() + " → "
                    + table.values().name() + ")";
        }
        return "foreign source " + Operations.subject(operation);
    }

    private static String aggregate(AggregateStream aggregate) {
        Windows windows = aggregate.windows();
        return "aggregate" + windows(windows) + emit(aggregate.emit());
    }

    private static String windows(@Nullable Windows windows) {
        if (windows == null) {
            return "";
        }
        String advance = windows.advanceMs() == windows.sizeMs() ? "" : " every " + windows.advanceMs() + " ms";
        return " in windows of " + windows.sizeMs() + " ms" + advance + grace(windows.graceMs());
    }

    private static String grace(long graceMs) {
        return graceMs == 0 ? "" : ", grace " + graceMs + " ms";
    }

    private static String emit(Emit emit) {
        if (emit instanceof Emit.OnWindowClose) {
            return ", results on close";
        }
        return emit instanceof Emit.OnUpdateAtMost atMost
                ? ", results at most every " + atMost.intervalMs() + " ms"
                : "";
    }

    private static String errors(ErrorPolicy policy) {
        return policy instanceof ErrorPolicy.DeadLetter deadLetter
                ? ", records with errors to " + deadLetter.topic()
                : policy instanceof ErrorPolicy.Drop ? ", drops records with errors" : ", fails on errors";
    }

    private static String kind(JoinKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
