// Sends requests over and over and prints what came back as one line of JSON.
// Usage: node load.mjs FOLDER '{"url": ..., "connections": 16, "duration": 4, "steps": [...]}'
// FOLDER is where autocannon is installed. `amount` instead of `duration` sends that many requests.
// autocannon tells percentiles in whole milliseconds; here they are counted in hundredths.
import { createRequire } from 'node:module'
import { filled, keep, pace } from './session.mjs'

const [folder, plan] = process.argv.slice(2)
const autocannon = createRequire(`${folder}/`)('autocannon')
const { steps, ...options } = JSON.parse(plan)
const latencies = pace()
const started = performance.now()

const run = autocannon({ ...options, requests: steps.map(request), skipAggregateResult: false })
run.on('response', (client, status, bytes, milliseconds) => latencies.add(milliseconds))
const result = await run
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({
  requests: latencies.count(),
  seconds: latencies.lasted_s(),
  p50_ms: latencies.percentile(0.5),
  p99_ms: latencies.percentile(0.99),
  statuses: Object.fromEntries(
    Object.entries(result.statusCodeStats).map(([code, { count }]) => [code, count])),
  errors: result.errors + result.timeouts,
  load_busy: (user + system) / 1000 / (performance.now() - started)
}))

function request (step) {
  const { keeps, body, ...fixed } = step
  const made = { ...fixed, ...(body ? { body } : {}) }
  if (`${step.path}${body}`.includes('$')) {
    made.setupRequest = (request, context) => ({ ...request, ...filled(step, context) })
  }
  if (keeps) made.onResponse = (status, answer, context) => keep(keeps, answer, context)
  return made
}
