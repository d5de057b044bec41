package io.millrace.coordinator;

import java.util.ArrayList;
import java.util.List;

/** Gathers what one step of a group leads to. */
final class GroupEffects {

    private final List<GroupRecord> records = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    void write(GroupRecord record) {
        records.add(record);
    }

    void answer(long ticket, GroupReply reply) {
        answers.add(new Answer(ticket, reply));
    }

    Decision<GroupRecord, List<Answer>> decision() {
        return new Decision<>(records, List.copyOf(answers));
    }
}
