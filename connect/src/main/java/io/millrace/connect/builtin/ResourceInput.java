package io.millrace.connect.builtin;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** A resource of the class path. */
record ResourceInput(Class<?> neighbour, String path) implements LineInput {

    @Override
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public long sizeBytes() throws IOException {
        return url().openConnection().getContentLengthLong();
    }

    @Override
    public InputStream open(long skippedBytes) throws IOException {
        return url().openStream();
    }

    private URL url() throws IOException {
        var url = neighbour.getResource(path);
        if (url == null) {
            throw new FileNotFoundException(
                    "The class path has no resource " + path + " for " + neighbour.getName() + ".");
        }
        return url;
    }
}
