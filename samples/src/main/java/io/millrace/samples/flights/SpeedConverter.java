package io.millrace.samples.flights;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code max} or a number above 0. */
final class SpeedConverter implements ITypeConverter<Double> {

    @Override
    public Double convert(String value) {
        if (value.equals("max")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            var speed = Double.parseDouble(value);
            if (speed > 0 && !Double.isInfinite(speed)) {
                return speed;
            }
        } catch (NumberFormatException e) {
            // Falls through to the sentence that also covers 0, negative numbers and NaN.
        }
        throw new TypeConversionException(
                "must be max or a number above 0, such as 3600 for an hour per second, was " + value);
    }
}
