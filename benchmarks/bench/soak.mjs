// Plays sessions for a while and prints a line of JSON with the figures of each interval.
// Usage: node soak.mjs '{"url": ..., "connections": 16, "seconds": 600, "interval_s": 60, "steps": []}'
// A connection that closes without an answer counts as a drop, and the step is sent again: what
// drops it has done nothing. (autocannon goes on with the next step, and takes its times wrongly.)
import { Agent, request } from 'node:http'
import { filled, keep, pace } from './session.mjs'

const LIMIT_MS = 20000
const { url, connections, seconds, interval_s, steps, slow_ms } = JSON.parse(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const { hostname, port } = new URL(url)
const end = performance.now() + seconds * 1000
let seen = fresh()

// the last interval is told when the last session has come to its end
let left = Math.round(seconds / interval_s)
const timer = setInterval(() => { if (--left > 0) tell() }, interval_s * 1000)
await Promise.all(Array.from({ length: connections }, play))
clearInterval(timer)
tell()
agent.destroy()

function fresh () {
  return { latencies: pace(), drops: 0, slow: 0, wrong: {} }
}

async function play () {
  while (performance.now() < end) {
    const context = {}
    for (const step of steps) await done(step, context)
  }
}

async function done (step, context) {
  const sent = filled(step, context)
  for (;;) {
    try {
      const { status, answer } = await send(step, sent)
      if (status !== step.status) count(status)
      else if (step.keeps) keep(step.keeps, answer, context)
      return
    } catch (error) {
      if (error.code !== 'ECONNRESET') return count(error.code ?? error.message)
      seen.drops++
    }
  }
}

function count (what) {
  seen.wrong[what] = (seen.wrong[what] ?? 0) + 1
}

function send ({ method, headers }, { path, body }) {
  const started = performance.now()
  const length = body ? { 'content-length': Buffer.byteLength(body) } : {}
  const options = { agent, hostname, port, method, path, headers: { ...headers, ...length } }
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, timeout: LIMIT_MS }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const lasted = performance.now() - started
        seen.latencies.add(lasted)
        if (lasted >= slow_ms) seen.slow++
        resolve({ status: response.statusCode, answer: Buffer.concat(chunks).toString() })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error('timeout')))
    asked.on('error', reject)
    asked.end(body)
  })
}

function tell () {
  const { latencies, drops, slow, wrong } = seen
  seen = fresh()
  console.log(JSON.stringify({
    requests: latencies.count(),
    p50_ms: latencies.percentile(0.5),
    p99_ms: latencies.percentile(0.99),
    drops,
    slow,
    wrong
  }))
}
