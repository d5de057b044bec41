package io.millrace.samples.flights;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path of a data directory. */
final class DirectoryConverter implements ITypeConverter<DemoDirectory> {

    @Override
    public DemoDirectory convert(String value) {
        try {
            return new DemoDirectory(Path.of(value));
        } catch (InvalidPathException e) {
            throw new TypeConversionException("is not a path: " + e.getMessage());
        }
    }
}
