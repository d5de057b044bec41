package io.millrace.coordinator;

/** A member of a consumer group. Immutable. */
record ConsumerMember(String id, MemberProfile profile, MemberProgress progress) {

    static ConsumerMember blank(String id) {
        return new ConsumerMember(id, MemberProfile.BLANK, MemberProgress.NONE);
    }

    ConsumerMember with(MemberProfile other) {
        return new ConsumerMember(id, other, progress);
    }

    ConsumerMember with(MemberProgress other) {
        return new ConsumerMember(id, profile, other);
    }
}
