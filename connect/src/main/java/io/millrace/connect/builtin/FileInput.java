package io.millrace.connect.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the local disk. */
record FileInput(Path path) implements LineInput {

    FileInput {
        if (path.getFileName() == null) {
            throw new IllegalArgumentException("an input must be a file, was " + path);
        }
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public long sizeBytes() throws IOException {
        return Files.size(requireReadable());
    }

    @Override
    public InputStream open(long skippedBytes) throws IOException {
        var size = sizeBytes();
        if (skippedBytes > size) {
            throw new IOException("The input " + path + " has " + size + " bytes, but was read up to byte "
                    + skippedBytes + " before: put the longer file back, or reset the job.");
        }
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        return Channels.newInputStream(channel.position(skippedBytes));
    }

    @Override
    public boolean isSeekable() {
        return !isPacked();
    }

    private Path requireReadable() throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new IOException("The input " + path + " is not a file that can be read.");
        }
        return path;
    }
}
