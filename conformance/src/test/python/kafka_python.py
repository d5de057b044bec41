"""The course through Debian's python3-kafka. Arguments: address, and "long" for every compression there is."""

import sys
import threading
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.codec import has_gzip, has_lz4, has_snappy
from kafka.structs import OffsetAndMetadata

ADDRESS = sys.argv[1]
IS_LONG = "long" in sys.argv
COUNT = 100
WAIT_S = 30


def produce(topic, codec, count):
    producer = KafkaProducer(bootstrap_servers=ADDRESS, compression_type=codec, acks="all")
    sent = [
        producer.send(topic, key=b"key", value=b"value %d" % i, partition=i % 2, headers=[("n", b"%d" % i)])
        for i in range(count)
    ]
    offsets = [one.get(timeout=WAIT_S).offset for one in sent]
    assert offsets == [i // 2 for i in range(count)], offsets
    producer.close()


def consumer(group, **more):
    return KafkaConsumer(
        bootstrap_servers=ADDRESS,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        heartbeat_interval_ms=300,
        **more
    )


def read(reader, count):
    found = []
    deadline = time.time() + WAIT_S
    while len(found) < count and time.time() < deadline:
        for records in reader.poll(timeout_ms=200).values():
            found += records
    assert len(found) == count, "%d records instead of %d" % (len(found), count)
    return found


def records(codec):
    topic = "python-%s" % codec
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    admin.create_topics([NewTopic(topic, 2, 1)])
    produce(topic, codec, COUNT)
    reader = consumer(None)
    parts = [TopicPartition(topic, 0), TopicPartition(topic, 1)]
    reader.assign(parts)
    reader.seek_to_beginning()
    found = read(reader, COUNT)
    assert {one.value for one in found} == {b"value %d" % i for i in range(COUNT)}
    assert found[0].headers[0][0] == "n"
    assert reader.end_offsets(parts) == {part: COUNT // 2 for part in parts}
    first = next(one for one in found if (one.partition, one.offset) == (0, 0))
    assert reader.offsets_for_times({parts[0]: first.timestamp})[parts[0]].offset == 0
    reader.close()
    admin.close()


def group():
    """One member reads and commits; with a second one it shares; the next goes on where they were."""
    topic = "python-None"
    one = consumer("pythons")
    one.subscribe([topic])
    read(one, COUNT)
    one.commit()
    joined = threading.Event()
    done = threading.Event()

    def second():
        two = consumer("pythons")
        two.subscribe([topic])
        while not done.is_set():
            two.poll(timeout_ms=100)
            if len(two.assignment()) == 1:
                joined.set()
        two.close()

    thread = threading.Thread(target=second)
    thread.start()
    deadline = time.time() + WAIT_S
    while not (joined.is_set() and len(one.assignment()) == 1):
        one.poll(timeout_ms=100)
        assert time.time() < deadline, "no second member"
    done.set()
    thread.join()
    one.close()
    produce_more = KafkaProducer(bootstrap_servers=ADDRESS)
    produce_more.send(topic, value=b"more", partition=1).get(timeout=WAIT_S)
    next_one = consumer("pythons")
    next_one.subscribe([topic])
    assert [record.value for record in read(next_one, 1)] == [b"more"]
    next_one.commit()
    next_one.close()
    produce_more.close()


def operate():
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    assert "python-None" in admin.list_topics()
    assert ("pythons", "consumer") in admin.list_consumer_groups()
    assert admin.describe_consumer_groups(["pythons"])[0].state == "Empty"
    positions = admin.list_consumer_group_offsets("pythons")
    assert positions[TopicPartition("python-None", 1)].offset == COUNT // 2 + 1, positions
    assert isinstance(positions[TopicPartition("python-None", 0)], OffsetAndMetadata)
    admin.delete_consumer_groups(["pythons"])
    admin.delete_topics(["python-None"])
    assert "python-None" not in admin.list_topics()
    admin.close()


CODECS = [None] + [name for name, has in (("gzip", has_gzip), ("snappy", has_snappy), ("lz4", has_lz4)) if has()]
for one in CODECS if IS_LONG else CODECS[:2]:
    records(one)
group()
operate()
print("done with", CODECS if IS_LONG else CODECS[:2])
