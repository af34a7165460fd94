// What a client of the benchmark remembers between the requests of a session, and how it takes time.
const STEP_MS = 0.01
const LONGEST_MS = 10000
let count = 0

// The path and body of a step, with what the session has created put in.
export function filled ({ path, body }, context) {
  const values = { ...context, n: `${process.pid}-${++count}` }
  const put = (text) => text.replace(/\$(\w+)/g, (whole, name) => values[name] ?? whole)
  return { path: put(path), ...(body ? { body: put(body) } : {}) }
}

// Servers differ in how they wrap what they have created, and in what they call its id.
export function keep (name, answer, context) {
  const told = JSON.parse(answer)
  const created = told.data ?? told
  context[name] = created.linkId ?? created.id
}

// Latencies counted in steps of a hundredth of a millisecond.
export function pace () {
  const counts = new Uint32Array(LONGEST_MS / STEP_MS + 1)
  let total = 0
  let first = 0
  let last = 0
  return {
    add (milliseconds) {
      last = performance.now()
      if (total++ === 0) first = last - milliseconds
      counts[Math.min(Math.round(milliseconds / STEP_MS), counts.length - 1)]++
    },
    count: () => total,
    lasted_s: () => (last - first) / 1000,
    percentile (share) {
      let left = total * share
      for (let index = 0; index < counts.length; index++) {
        left -= counts[index]
        if (left <= 0) return Math.round(index * STEP_MS * 100) / 100
      }
      return null
    }
  }
}
