"""The course through Debian's python3-confluent-kafka. Arguments: address, "long", "transactions"."""

import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ADDRESS = sys.argv[1]
IS_LONG = "long" in sys.argv
COUNT = 100
WAIT_S = 30


def produce(producer, topic, values, partition=0):
    failures = []

    def delivered(error, _):
        if error is not None:
            failures.append(error)

    for value in values:
        producer.produce(topic, value, key="key", partition=partition, on_delivery=delivered)
    assert producer.flush(WAIT_S) == 0
    assert not failures, failures


def consumer(group, **more):
    config = {
        "bootstrap.servers": ADDRESS,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "heartbeat.interval.ms": 300,
    }
    config.update(more)
    return Consumer(config)


def read(reader, count):
    found = []
    deadline = time.time() + WAIT_S
    while len(found) < count and time.time() < deadline:
        message = reader.poll(0.2)
        if message is not None:
            assert message.error() is None, message.error()
            found.append(message.value().decode())
    assert len(found) == count, "%d records instead of %d" % (len(found), count)
    return found


def finish(futures):
    return {name: future.result(WAIT_S) for name, future in futures.items()}


def records(admin, codec):
    topic = "confluent-" + codec
    finish(admin.create_topics([NewTopic(topic, 2, 1)]))
    producer = Producer({"bootstrap.servers": ADDRESS, "compression.type": codec, "enable.idempotence": True})
    values = ["value %d" % i for i in range(COUNT)]
    produce(producer, topic, values)
    reader = consumer("nobody")
    reader.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    assert read(reader, COUNT) == values
    assert reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=WAIT_S) == (0, COUNT)
    reader.close()


def group():
    topic = "confluent-none"
    one, two = consumer("pair"), consumer("pair")
    one.subscribe([topic])
    read(one, COUNT)
    one.commit(asynchronous=False)
    two.subscribe([topic])
    deadline = time.time() + WAIT_S
    while len(one.assignment()) != 1 or len(two.assignment()) != 1:
        for member in (one, two):
            message = member.poll(0.1)
            assert message is None, "read twice: %s" % message
        assert time.time() < deadline, "no second member"
    two.close()
    one.close()
    produce(Producer({"bootstrap.servers": ADDRESS}), topic, ["more"])
    last = consumer("pair")
    last.subscribe([topic])
    assert read(last, 1) == ["more"]
    last.close()


def transactions():
    producer = Producer({"bootstrap.servers": ADDRESS, "transactional.id": "confluent"})
    producer.init_transactions(WAIT_S)
    producer.begin_transaction()
    producer.produce("confluent-none", "aborted", partition=1)
    producer.flush(WAIT_S)
    producer.abort_transaction(WAIT_S)
    source = consumer("together", **{"isolation.level": "read_committed"})
    producer.begin_transaction()
    producer.produce("confluent-none", "committed", partition=1)
    producer.send_offsets_to_transaction(
        [TopicPartition("confluent-none", 0, 7)], source.consumer_group_metadata(), WAIT_S
    )
    producer.commit_transaction(WAIT_S)
    source.assign([TopicPartition("confluent-none", 1, OFFSET_BEGINNING)])
    assert read(source, 1) == ["committed"]
    assert source.committed([TopicPartition("confluent-none", 0)], timeout=WAIT_S)[0].offset == 7
    next_life = Producer({"bootstrap.servers": ADDRESS, "transactional.id": "confluent"})
    next_life.init_transactions(WAIT_S)
    producer.begin_transaction()
    try:
        producer.produce("confluent-none", "zombie", partition=1)
        producer.commit_transaction(WAIT_S)
        raise AssertionError("the life before could commit")
    except KafkaException:
        source.close()


def operate(admin):
    topics = admin.list_topics(timeout=WAIT_S).topics
    assert len(topics["confluent-none"].partitions) == 2
    assert "pair" in [one.id for one in admin.list_groups(timeout=WAIT_S)]
    finish(admin.delete_topics(["confluent-none"]))
    assert "confluent-none" not in admin.list_topics(timeout=WAIT_S).topics


ADMIN = AdminClient({"bootstrap.servers": ADDRESS})
CODECS = ["none", "lz4"] + (["gzip", "snappy", "zstd"] if IS_LONG else [])
for one in CODECS:
    records(ADMIN, one)
group()
if "transactions" in sys.argv:
    transactions()
operate(ADMIN)
print("done with", CODECS, "and transactions" if "transactions" in sys.argv else "")
