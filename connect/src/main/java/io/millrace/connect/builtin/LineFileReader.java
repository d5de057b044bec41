package io.millrace.connect.builtin;

import io.millrace.streams.Source;
import io.millrace.streams.Source.Batch;
import io.millrace.streams.Source.SourceRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the files of one split, one after the other. Owned by the thread that polls it. */
final class LineFileReader<K, V> implements Source.Reader<K, V> {

    private final List<LineFile<K, V>> files;
    private final long[] sizes;
    private final long totalBytes;
    private LinePosition position;
    private @Nullable OpenFile open;

    LineFileReader(List<LineFile<K, V>> files, LinePosition position) throws IOException {
        this.files = files;
        this.position = position;
        this.sizes = new long[files.size()];
        var total = 0L;
        for (var i = 0; i < sizes.length; i++) {
            sizes[i] = files.get(i).input().sizeBytes();
            total += sizes[i];
        }
        this.totalBytes = total;
    }

    @Override
    public Batch<K, V> poll(int recordsMax) throws IOException {
        var records = new ArrayList<SourceRecord<K, V>>(Math.min(recordsMax, 1024));
        while (records.size() < recordsMax && position.fileIndex() < files.size()) {
            var file = files.get(position.fileIndex());
            if (open == null) {
                open = OpenFile.at(file.input(), position);
            }
            if (!readInto(records, recordsMax, file, open)) {
                closeFile();
                position = LinePosition.startOf(position.fileIndex() + 1, files);
            }
        }
        return new Batch<>(records, position.toMap(), position.fileIndex() == files.size());
    }

    /** Bytes read over bytes there are, as stored. */
    @Override
    public double progress() {
        if (totalBytes == 0) {
            return position.fileIndex() == files.size() ? 1 : 0;
        }
        var read = open == null ? 0 : open.storedBytesRead();
        for (var i = 0; i < position.fileIndex(); i++) {
            read += sizes[i];
        }
        return Math.min(1, (double) read / totalBytes);
    }

    @Override
    public void close() throws IOException {
        closeFile();
    }

    /** Takes lines until there are enough; false at the end of the file. */
    private boolean readInto(List<SourceRecord<K, V>> records, int recordsMax, LineFile<K, V> file, OpenFile open)
            throws IOException {
        var lines = open.lines();
        try {
            while (records.size() < recordsMax) {
                if (lines.lineCount() < file.headerLines()) {
                    if (!lines.skip()) {
                        return false;
                    }
                    continue;
                }
                var line = lines.next();
                if (line == null) {
                    return false;
                }
                var parsed = parse(file, line, lines.lineCount());
                if (parsed != null) {
                    records.add(parsed);
                }
            }
        } catch (UnreadableLineException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableLineException(file.input().name(), lines.lineCount() + 1, e);
        }
        position = new LinePosition(position.fileIndex(), position.fileName(), lines.lineCount(), lines.byteCount());
        return true;
    }

    private @Nullable SourceRecord<K, V> parse(LineFile<K, V> file, String line, long lineNumber)
            throws UnreadableLineException {
        try {
            return file.parser().parse(line);
        } catch (Exception e) {
            throw new UnreadableLineException(file.input().name(), lineNumber, line, e);
        }
    }

    private void closeFile() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
