package io.millrace.broker.handler;

import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.record.wire.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a fetch is, by its session: refused, on its own, the first of a session, or one within it. */
sealed interface FetchContext {

    /** The session is not as the client thinks. */
    record Refused(ErrorCode error) implements FetchContext {}

    /** A fetch that is served. */
    sealed interface Served extends FetchContext {

        /** What is looked at, in this order. */
        List<FetchPart> parts();

        /**
         * The response.
         *
         * @param read all of {@link #parts}, and what was stirred since
         * @param data of each of these
         */
        FetchResponse response(List<FetchPart> read, List<PartitionData> data, long nowMs);

        /** The session that the fetch goes on with; null if there is none yet, or another fetch goes on with it by now. */
        default @Nullable FetchSession ongoing() {
            return null;
        }
    }

    /** Everything is told, and nothing kept. */
    record Sessionless(List<FetchPart> parts) implements Served {
        @Override
        public FetchResponse response(List<FetchPart> read, List<PartitionData> data, long nowMs) {
            FetchResponse response = new FetchResponse();
            for (int i = 0; i < data.size(); i++) {
                add(response, read.get(i).key(), data.get(i));
            }
            return response;
        }
    }

    /** Everything is told, and a session begins if there is a slot. */
    record Full(FetchSessions sessions, boolean usesTopicIds, List<FetchPart> parts) implements Served {
        @Override
        public FetchResponse response(List<FetchPart> read, List<PartitionData> data, long nowMs) {
            for (int i = 0; i < data.size(); i++) {
                read.get(i).told(data.get(i));
            }
            return new Sessionless(parts)
                    .response(read, data, nowMs)
                    .sessionId(sessions.create(usesTopicIds, parts, nowMs));
        }
    }

    /** What differs from before is told; nothing is known to differ but what is looked at. */
    record Incremental(FetchSession session, int epoch, List<FetchPart> parts) implements Served {
        @Override
        public @Nullable FetchSession ongoing() {
            return session.epoch() == epoch ? session : null;
        }

        @Override
        public FetchResponse response(List<FetchPart> read, List<PartitionData> data, long nowMs) {
            FetchResponse response = new FetchResponse().sessionId(session.id());
            if (session.epoch() != epoch) {
                return response.errorCode(ErrorCode.INVALID_FETCH_SESSION_EPOCH.code());
            }
            for (int i = 0; i < data.size(); i++) {
                FetchPart part = read.get(i);
                if (part.tells(data.get(i))) {
                    add(response, part.key(), data.get(i));
                    moveIfGiven(part, data.get(i).records());
                }
            }
            return response;
        }

        /** So that the next fetch begins with others: a response has less room than they might have records. */
        private void moveIfGiven(FetchPart part, @Nullable Payload records) {
            if (records != null && records.size() > 0) {
                session.moveToTheEnd(part);
            }
        }
    }

    private static void add(FetchResponse response, FetchPart.Key key, PartitionData data) {
        List<FetchableTopicResponse> topics = response.responses();
        FetchableTopicResponse last = topics.isEmpty() ? null : topics.get(topics.size() - 1);
        if (last == null || !last.topic().equals(key.topic()) || !last.topicId().equals(key.topicId())) {
            last = new FetchableTopicResponse().topic(key.topic()).topicId(key.topicId());
            topics.add(last);
        }
        last.partitions().add(data);
    }
}
