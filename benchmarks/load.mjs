// Sends one kind of request for some seconds and prints autocannon's figures as JSON.
// Usage: node load.mjs '{"url": ..., "method": ..., "headers": {...}, "body": ..., "duration": 4}'
// A `#` in the body becomes another number in each request.
import { createRequire } from 'node:module'

const autocannon = createRequire(new URL('.peers/', import.meta.url))('autocannon')
const { body, connections, ...options } = JSON.parse(process.argv[2])
let count = 0
const setupRequest = (request) => ({ ...request, body: body.replace('#', String(++count)) })
const result = await autocannon({
  connections,
  ...options,
  ...(body?.includes('#') ? { requests: [{ setupRequest }] } : { body })
})
console.log(JSON.stringify(result))
