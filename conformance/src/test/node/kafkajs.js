// The course through kafkajs. Arguments: address, "long", "transactions".
const assert = require('node:assert')
const { Kafka, CompressionTypes, logLevel } = require('kafkajs')

const [address, ...words] = process.argv.slice(2)
const COUNT = 100
const kafka = new Kafka({ clientId: 'course', brokers: [address], logLevel: logLevel.ERROR })

const until = async (holds, what) => {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    assert(Date.now() < deadline, what)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function produce(topic, values, more = {}) {
  const producer = kafka.producer({ idempotent: true })
  await producer.connect()
  await producer.send({ topic, messages: values.map((value, i) => ({ key: 'k', value, partition: i % 2, headers: { n: `${i}` } })), ...more })
  await producer.disconnect()
}

async function member(topic, groupId, more = {}) {
  const found = []
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 300, sessionTimeout: 10_000, maxWaitTimeInMs: 200, ...more })
  let parts = []
  consumer.on(consumer.events.GROUP_JOIN, event => { parts = event.payload.memberAssignment[topic] ?? [] })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => { found.push(message.value.toString()) } })
  return { consumer, found, parts: () => parts }
}

async function records(admin, name, compression) {
  const topic = `js-${name}`
  assert(await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1 }] }))
  const values = Array.from({ length: COUNT }, (_, i) => `value ${i}`)
  await produce(topic, values, { compression })
  const reader = await member(topic, `of-${name}`)
  await until(() => reader.found.length === COUNT, 'all of them')
  assert.deepStrictEqual(new Set(reader.found), new Set(values))
  await reader.consumer.disconnect()
  const offsets = await admin.fetchTopicOffsets(topic)
  assert.deepStrictEqual(offsets.map(one => one.high), ['50', '50'])
}

async function group() {
  const one = await member('js-none', 'shared')
  await until(() => one.found.length === COUNT, 'all of them')
  const two = await member('js-none', 'shared')
  await until(() => one.parts().length === 1 && two.parts().length === 1, 'two members share')
  await two.consumer.disconnect()
  await until(() => one.parts().length === 2, 'one takes over')
  await one.consumer.disconnect()
  await produce('js-none', ['more'])
  const next = await member('js-none', 'shared')
  await until(() => next.found.length > 0, 'one more')
  assert.deepStrictEqual(next.found, ['more'])
  await next.consumer.disconnect()
}

async function transactions() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: 'js' })
  await producer.connect()
  const aborted = await producer.transaction()
  await aborted.send({ topic: 'js-tx', messages: [{ value: 'aborted' }] })
  await aborted.abort()
  const committed = await producer.transaction()
  await committed.send({ topic: 'js-tx', messages: [{ value: 'committed' }] })
  await committed.sendOffsets({ consumerGroupId: 'js-txg', topics: [{ topic: 'js-none', partitions: [{ partition: 0, offset: '7' }] }] })
  await committed.commit()
  await producer.disconnect()
  const reader = await member('js-tx', 'of-tx', { readUncommitted: false })
  await until(() => reader.found.length > 0, 'what is committed')
  assert.deepStrictEqual(reader.found, ['committed'])
  await reader.consumer.disconnect()
}

async function operate(admin) {
  assert((await admin.listTopics()).includes('js-none'))
  assert((await admin.listGroups()).groups.some(one => one.groupId === 'shared'))
  assert.strictEqual((await admin.describeGroups(['shared'])).groups[0].state, 'Empty')
  const [positions] = await admin.fetchOffsets({ groupId: 'shared', topics: ['js-none'] })
  assert.strictEqual(positions.partitions.find(one => one.partition === 0).offset, '51')
  await admin.resetOffsets({ groupId: 'shared', topic: 'js-none', earliest: true })
  await admin.deleteGroups(['shared'])
  await admin.deleteTopics({ topics: ['js-none'] })
  assert(!(await admin.listTopics()).includes('js-none'))
}

async function course() {
  const admin = kafka.admin()
  await admin.connect()
  await records(admin, 'none', CompressionTypes.None)
  await group()
  if (words.includes('long')) {
    await records(admin, 'gzip', CompressionTypes.GZIP)
  }
  if (words.includes('transactions')) {
    await admin.createTopics({ topics: [{ topic: 'js-tx', numPartitions: 1, replicationFactor: 1 }] })
    await transactions()
  }
  await operate(admin)
  await admin.disconnect()
}

course().then(() => console.log('done'), error => { console.error(error); process.exit(1) })
