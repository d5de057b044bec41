package io.millrace.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code leader-epoch-checkpoint} file of a partition, as Kafka writes it: version 0, count, then epoch and start offset
 * per line. Stateless.
 */
final class EpochFile {
    static final String NAME = "leader-epoch-checkpoint";

    private EpochFile() {}

    static void write(LogStorage storage, String directory, EpochHistory epochs) {
        CheckedFile.replace(storage, directory + "/" + NAME, text(epochs));
    }

    /** The first one of a log; durable with its first records, from which it can be rebuilt until then. */
    static void begin(LogStorage storage, String directory, EpochHistory epochs, SyncLedger ledger) {
        if (storage.exists(directory + "/" + NAME)) {
            write(storage, directory, epochs);
        } else {
            CheckedFile.begin(ledger, directory, NAME, text(epochs));
        }
    }

    private static String text(EpochHistory epochs) {
        StringBuilder text = new StringBuilder("0\n" + epochs.entries().size() + "\n");
        epochs.entries().forEach(entry -> text.append(entry.epoch())
                .append(' ')
                .append(entry.startOffset())
                .append('\n'));
        return text.toString();
    }

    /** The history in the file; empty if there is no file or nobody knows what it said: rebuild it from the log. */
    static Optional<EpochHistory> read(LogStorage storage, String directory) {
        CheckedFile.Found found = CheckedFile.read(storage, directory + "/" + NAME);
        return found instanceof CheckedFile.Found.Content content ? parse(content.text()) : Optional.empty();
    }

    private static Optional<EpochHistory> parse(String text) {
        String[] lines = text.split("\n", -1);
        try {
            int count = Integer.parseInt(lines[1].strip());
            if (!lines[0].strip().equals("0") || lines.length != count + 3) {
                return Optional.empty();
            }
            List<EpochHistory.Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String[] words = lines[i + 2].strip().split("\\s+", -1);
                entries.add(new EpochHistory.Entry(Integer.parseInt(words[0]), Long.parseLong(words[1])));
            }
            return Optional.of(new EpochHistory(entries));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
