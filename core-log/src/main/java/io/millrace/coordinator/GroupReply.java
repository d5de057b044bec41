package io.millrace.coordinator;

import io.millrace.client.ErrorCode;

/** What a group coordinator answers. True only once the records of its {@link Decision} are there. */
public sealed interface GroupReply {

    record Done() implements GroupReply {}

    record Refused(ErrorCode error, String message) implements GroupReply {}
}
