package io.millrace.server;

import io.millrace.server.command.CommandRefused;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code millrace run}: starts the {@code main} of a user's job in this process, beside Millrace's own classes. A job is an ordinary
 * program; this only saves its class path, and can open its log to Kafka clients.
 */
@Command(
        name = "run",
        description = "Runs a job: the Main-Class of a jar, or a class. It needs no Millrace in its jar.",
        footer = {
            "",
            "What comes after JOB is given to the job. It is an ordinary public static void main(String[]), such as those of samples/."
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RunCommand implements Callable<Integer> {

    private static final String JAR = ".jar";

    /** As {@code io.millrace.streams.Millrace} reads them when it opens a directory. */
    private static final String LISTEN = "millrace.listen";

    private static final String LISTEN_INSECURE = "millrace.listen.insecure";

    private static final String ADMIN = "millrace.admin";

    /** Where the launcher tells the classes of samples/ if one of them is named. */
    private static final String SAMPLES = "MILLRACE_SAMPLES_CLASS_PATH";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Serve the job's log to Kafka clients at this address of the loopback interface.")
    private @Nullable String listen;

    @Option(
            names = "--insecure",
            description = "Let --listen be where other machines reach it; they may do everything.")
    private boolean insecure;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Answer /metrics, /health/live and /health/ready at this address of the loopback interface.")
    private @Nullable String admin;

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            description = "Jars and directories with the job's classes, as Java has them.")
    private @Nullable String classPath;

    @Parameters(index = "0", paramLabel = "JOB", description = "A jar with a Main-Class, or the name of a class.")
    private String job;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Given to the job.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (listen != null) {
            System.setProperty(LISTEN, listen);
            System.setProperty(LISTEN_INSECURE, Boolean.toString(insecure));
        }
        if (admin != null) {
            System.setProperty(ADMIN, admin);
        }
        List<URL> urls = new ArrayList<>();
        addAll(urls, classPath);
        addAll(urls, System.getenv(SAMPLES));
        String main = job;
        if (job.endsWith(JAR)) {
            urls.add(0, url(Path.of(job)));
            main = mainClass(Path.of(job));
        }
        // Open as long as the process lives: threads of the job load classes when they first need them.
        @SuppressWarnings("resource")
        URLClassLoader loader = new URLClassLoader("job", urls.toArray(URL[]::new), RunCommand.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        return start(main(loader, main));
    }

    private static void addAll(List<URL> urls, @Nullable String classPath) throws MalformedURLException {
        for (String entry : classPath == null ? new String[0] : classPath.split(File.pathSeparator)) {
            if (!entry.isBlank()) {
                urls.add(url(Path.of(entry)));
            }
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        if (!Files.exists(path)) {
            throw new CommandRefused("there is no " + path + ".");
        }
        return path.toAbsolutePath().toUri().toURL();
    }

    private static String mainClass(Path jar) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            Manifest manifest = opened.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (name == null) {
                throw new CommandRefused(jar + " names no Main-Class in its manifest; give it to --class-path, and the"
                        + " name of the class as JOB.");
            }
            return name;
        }
    }

    private static Method main(ClassLoader loader, String name) {
        try {
            Method main = Class.forName(name, true, loader).getMethod("main", String[].class);
            if (!Modifier.isStatic(main.getModifiers())) {
                throw new CommandRefused(name + " has a main that is not static.");
            }
            main.setAccessible(true); // the class itself may be package-private, as with java
            return main;
        } catch (ClassNotFoundException e) {
            throw new CommandRefused("there is no class " + name + "; name its jar with --class-path.");
        } catch (NoSuchMethodException e) {
            throw new CommandRefused(name + " has no public static void main(String[]).");
        }
    }

    /** A failure of the job is shown as Java itself would show it: whoever wrote the job needs all of it. */
    private int start(Method main) throws IllegalAccessException {
        try {
            main.invoke(null, (Object) arguments.toArray(String[]::new));
            return 0;
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            (cause == null ? e : cause).printStackTrace(spec.commandLine().getErr());
            return MillraceCommand.REFUSED;
        }
    }
}
