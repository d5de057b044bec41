// The course through @platformatic/kafka. Arguments: address, "long", "transactions".
import assert from 'node:assert'
import { Admin, Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const [address, ...words] = process.argv.slice(2)
const COUNT = 100
const base = { clientId: 'course', bootstrapBrokers: [address] }

const within = (promise, what) => {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`waited for ${what}`)), 30_000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function produce(topic, values, compression = 'none', more = {}) {
  const producer = new Producer({ ...base, serializers: stringSerializers, idempotent: true, ...more })
  await producer.send({ compression, messages: values.map((value, i) => ({ topic, key: 'k', value, partition: i % 2, headers: { n: `${i}` } })) })
  await producer.close()
}

async function read(topic, groupId, count, more = {}) {
  const consumer = new Consumer({ ...base, groupId, deserializers: stringDeserializers, autocommit: false, maxWaitTime: 200, sessionTimeout: 10_000, heartbeatInterval: 300, ...more })
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' })
  const found = []
  const take = async () => {
    for await (const message of stream) {
      found.push(message.value)
      await message.commit()
      if (found.length === count) {
        break
      }
    }
  }
  await within(take(), `${count} records of ${topic}`)
  await consumer.close(true)
  return found
}

async function records(admin, codec) {
  const topic = `platformatic-${codec}`
  await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
  const values = Array.from({ length: COUNT }, (_, i) => `value ${i}`)
  await produce(topic, values, codec)
  assert.deepStrictEqual(new Set(await read(topic, `platformatic-of-${codec}`, COUNT)), new Set(values))
  await produce(topic, ['more'], codec)
  assert.deepStrictEqual(await read(topic, `platformatic-of-${codec}`, 1), ['more'])
}

async function transactions(admin) {
  await admin.createTopics({ topics: ['platformatic-tx'], partitions: 1, replicas: 1 })
  const producer = new Producer({ ...base, serializers: stringSerializers, idempotent: true, transactionalId: 'platformatic' })
  const aborted = await producer.beginTransaction()
  await aborted.send({ messages: [{ topic: 'platformatic-tx', value: 'aborted' }] })
  await aborted.abort()
  const committed = await producer.beginTransaction()
  await committed.send({ messages: [{ topic: 'platformatic-tx', value: 'committed' }] })
  await committed.commit()
  await producer.close()
  assert.deepStrictEqual(await read('platformatic-tx', 'of-tx', 1, { isolationLevel: 1 }), ['committed'])
}

async function operate(admin) {
  assert((await admin.listTopics()).includes('platformatic-none'))
  assert((await admin.listGroups()).has('platformatic-of-none'))
  const positions = await admin.listConsumerGroupOffsets({ groups: ['platformatic-of-none'] })
  assert.strictEqual(positions[0].topics[0].partitions.find(one => one.partitionIndex === 0).committedOffset, 51n)
  await admin.deleteGroups({ groups: ['platformatic-of-none'] })
  await admin.deleteTopics({ topics: ['platformatic-none'] })
  assert(!(await admin.listTopics()).includes('platformatic-none'))
}

const admin = new Admin(base)
for (const codec of words.includes('long') ? ['none', 'gzip'] : ['none']) {
  await records(admin, codec)
}
if (words.includes('transactions')) {
  await transactions(admin)
}
await operate(admin)
await admin.close()
console.log('done')
