package io.millrace.connect.builtin;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How far the files of a split have been read: files before {@code fileIndex} wholly, that one up to {@code lineCount} lines.
 *
 * @param fileName guards against another file at the same place; behind the last file it is that file's name
 * @param byteCount bytes of those lines, unpacked
 */
record LinePosition(int fileIndex, String fileName, long lineCount, long byteCount) {

    private static final String FILE_INDEX = "file";
    private static final String FILE_NAME = "name";
    private static final String LINE_COUNT = "line";
    private static final String BYTE_COUNT = "byte";

    static LinePosition startOf(int fileIndex, List<? extends LineFile<?, ?>> files) {
        var guard = Math.min(fileIndex, files.size() - 1);
        return new LinePosition(fileIndex, files.get(guard).input().name(), 0, 0);
    }

    /** @throws ChangedInputException if the position does not belong to these files */
    static LinePosition of(String split, Map<String, String> position, List<? extends LineFile<?, ?>> files)
            throws IOException {
        var start = startOf(0, files);
        if (position.isEmpty()) {
            return start;
        }
        var found = parse(split, position);
        if (found.fileIndex > files.size() || !found.fileName.equals(startOf(found.fileIndex, files).fileName)) {
            throw new ChangedInputException(
                    split,
                    found.fileName,
                    files.stream().map(file -> file.input().name()).toList());
        }
        return found;
    }

    Map<String, String> toMap() {
        return Map.of(
                FILE_INDEX, Integer.toString(fileIndex),
                FILE_NAME, fileName,
                LINE_COUNT, Long.toString(lineCount),
                BYTE_COUNT, Long.toString(byteCount));
    }

    private static LinePosition parse(String split, Map<String, String> position) throws IOException {
        try {
            return new LinePosition(
                    Integer.parseInt(position.getOrDefault(FILE_INDEX, "")),
                    position.getOrDefault(FILE_NAME, ""),
                    Long.parseLong(position.getOrDefault(LINE_COUNT, "")),
                    Long.parseLong(position.getOrDefault(BYTE_COUNT, "")));
        } catch (NumberFormatException e) {
            throw new IOException("The position of split " + split + " is not one of a line file: " + position, e);
        }
    }
}
