// The course through sarama, as Debian packages it. Arguments: address, "long".
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/Shopify/sarama"
)

const count = 100
const wait = 30 * time.Second

func require(holds bool, what ...interface{}) {
	if !holds {
		fmt.Fprintln(os.Stderr, what...)
		os.Exit(1)
	}
}

func check(err error, what string) {
	require(err == nil, what, err)
}

func config() *sarama.Config {
	c := sarama.NewConfig()
	c.Version = sarama.V2_1_0_0
	c.Producer.Return.Successes = true
	c.Producer.RequiredAcks = sarama.WaitForAll
	c.Producer.Partitioner = sarama.NewManualPartitioner
	c.Consumer.Offsets.Initial = sarama.OffsetOldest
	// Else this sarama commits in a version that Kafka 4 has given up too (KIP-896).
	c.Consumer.Offsets.Retention = 24 * time.Hour
	c.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	return c
}

func produce(address, topic string, codec sarama.CompressionCodec, values ...string) {
	c := config()
	c.Producer.Compression = codec
	producer, err := sarama.NewSyncProducer([]string{address}, c)
	check(err, "producer")
	for i, value := range values {
		_, offset, err := producer.SendMessage(&sarama.ProducerMessage{
			Topic: topic, Partition: int32(i % 2), Key: sarama.StringEncoder("k"), Value: sarama.StringEncoder(value),
			Headers: []sarama.RecordHeader{{Key: []byte("n"), Value: []byte{byte(i)}}}})
		check(err, "send")
		require(len(values) == 1 || offset == int64(i/2), "offset", offset, "of", i)
	}
	check(producer.Close(), "close")
}

type member struct {
	found chan string
	setup chan int
}

func (m *member) Setup(s sarama.ConsumerGroupSession) error {
	parts := 0
	for _, one := range s.Claims() {
		parts += len(one)
	}
	m.setup <- parts
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (m *member) ConsumeClaim(s sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		s.MarkMessage(message, "")
		m.found <- string(message.Value)
	}
	return nil
}

// Joins a group until it is told to go.
func join(address, topic, name string) (*member, func()) {
	group, err := sarama.NewConsumerGroup([]string{address}, name, config())
	check(err, "group")
	m := &member{make(chan string, 1000), make(chan int, 100)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() {
		for ctx.Err() == nil {
			err := group.Consume(ctx, []string{topic}, m)
			require(err == nil || ctx.Err() != nil, "consume", err)
		}
		close(done)
	}()
	return m, func() {
		cancel()
		<-done
		check(group.Close(), "close")
	}
}

func (m *member) read(n int) map[string]bool {
	found := map[string]bool{}
	late := time.After(wait)
	for len(found) < n {
		select {
		case value := <-m.found:
			found[value] = true
		case <-late:
			require(false, len(found), "records instead of", n)
		}
	}
	return found
}

func (m *member) awaitParts(n int) {
	late := time.After(wait)
	for {
		select {
		case parts := <-m.setup:
			if parts == n {
				return
			}
		case <-late:
			require(false, "not", n, "partitions")
		}
	}
}

func records(admin sarama.ClusterAdmin, address string, codec sarama.CompressionCodec) {
	topic := fmt.Sprintf("go-%d", codec)
	check(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, false), "create")
	values := make([]string, count)
	for i := range values {
		values[i] = fmt.Sprint("value ", i)
	}
	produce(address, topic, codec, values...)
	client, err := sarama.NewClient([]string{address}, config())
	check(err, "client")
	end, err := client.GetOffset(topic, 1, sarama.OffsetNewest)
	check(err, "end")
	require(end == count/2, "end", end)
	check(client.Close(), "close")
	m, leave := join(address, topic, "of-"+topic)
	require(len(m.read(count)) == count, "all")
	leave()
}

func group(address string) {
	one, leave := join(address, "go-0", "go-group")
	one.read(count)
	two, leaveToo := join(address, "go-0", "go-group")
	two.awaitParts(1)
	leaveToo()
	one.awaitParts(1)
	one.awaitParts(2)
	leave()
	produce(address, "go-0", sarama.CompressionNone, "more")
	next, leaveNext := join(address, "go-0", "go-group")
	got := next.read(1)
	require(got["more"], "goes on", got)
	leaveNext()
}

// Not ListTopics, which asks for configurations in a version that Kafka 4 has given up.
func operate(admin sarama.ClusterAdmin) {
	topics, err := admin.DescribeTopics([]string{"go-0"})
	check(err, "describe")
	require(len(topics[0].Partitions) == 2, "described", topics[0])
	groups, err := admin.ListConsumerGroups()
	check(err, "groups")
	require(groups["go-group"] == "consumer", "groups", groups)
	described, err := admin.DescribeConsumerGroups([]string{"go-group"})
	check(err, "describe group")
	require(described[0].State == "Empty", "group", described[0])
	positions, err := admin.ListConsumerGroupOffsets("go-group", map[string][]int32{"go-0": {0, 1}})
	check(err, "positions")
	require(positions.GetBlock("go-0", 0).Offset == count/2+1, "positions", positions)
	check(admin.DeleteTopic("go-0"), "delete")
}

func contains(words []string, wanted string) bool {
	for _, word := range words {
		if word == wanted {
			return true
		}
	}
	return false
}

func main() {
	address := os.Args[1]
	admin, err := sarama.NewClusterAdmin([]string{address}, config())
	check(err, "admin")
	codecs := []sarama.CompressionCodec{sarama.CompressionNone, sarama.CompressionGZIP}
	if contains(os.Args[2:], "long") {
		codecs = append(codecs, sarama.CompressionSnappy, sarama.CompressionLZ4, sarama.CompressionZSTD)
	}
	for _, codec := range codecs {
		records(admin, address, codec)
	}
	group(address)
	operate(admin)
	fmt.Println("done with", codecs)
}
