package io.millrace.coordinator;

import io.millrace.client.TopicDescription;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The topics of a node at one moment, as a coordinator sees them. Immutable: another object is another moment. */
public interface TopicView {

    /** Null if there is none. */
    @Nullable
    TopicDescription named(String name);

    /** Null if there is none. */
    @Nullable
    TopicDescription withId(UUID id);

    /** In order of name, internal ones included. */
    Collection<TopicDescription> all();
}
