package io.millrace.streams;

/**
 * What a job does about errors where an operator has no policy of its own.
 *
 * @param deserialization a source cannot read the bytes, or its timestamp extractor throws
 * @param processing a user's function throws
 * @param production a record cannot be encoded, or is too large for its topic
 */
public record ErrorPolicies(ErrorPolicy deserialization, ErrorPolicy processing, ErrorPolicy production) {

    /** Fails the epoch on every error. */
    public static final ErrorPolicies FAIL = all(ErrorPolicy.fail());

    /** One policy for the three kinds of errors. */
    public static ErrorPolicies all(ErrorPolicy policy) {
        return new ErrorPolicies(policy, policy, policy);
    }
}
