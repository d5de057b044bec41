package io.millrace.server.command;

import io.millrace.client.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group as its coordinator describes it, whichever protocol it has.
 *
 * @param state such as Stable, Empty or Dead
 */
record GroupView(String name, String state, List<Member> members) {

    GroupView {
        members = List.copyOf(members);
    }

    /**
     * One consumer.
     *
     * @param client as it calls itself
     * @param host where it is, as the coordinator sees it
     */
    record Member(String id, String client, String host, List<TopicPartition> partitions) {
        Member {
            partitions = List.copyOf(partitions);
        }
    }

    /** Who has which partition. */
    Map<TopicPartition, Member> owners() {
        Map<TopicPartition, Member> owners = new TreeMap<>();
        members.forEach(member -> member.partitions().forEach(partition -> owners.put(partition, member)));
        return owners;
    }
}
