package io.millrace.log;

import java.nio.file.Path;

/** A process that holds the lock of a directory until its standard input ends. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] args) throws Exception {
        try (FileLogStorage storage = new FileLogStorage(Path.of(args[0]))) {
            storage.lock();
            System.out.println("locked");
            while (System.in.read() >= 0) {
                // somebody is still there
            }
        }
    }
}
