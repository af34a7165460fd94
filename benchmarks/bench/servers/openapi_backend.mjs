// A server on openapi-backend, as its guide shows one: requests are validated, the answer is the
// example of the operation, and it is validated too before it is sent.
// Usage: node openapi_backend.mjs FOLDER DOCUMENT.json PORT
// FOLDER is where openapi-backend and ajv-formats are installed.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const [folder, document, port] = process.argv.slice(2)
const require = createRequire(`${folder}/`)
const { OpenAPIBackend } = require('openapi-backend')
const addFormats = require('ajv-formats')

const api = new OpenAPIBackend({
  definition: JSON.parse(readFileSync(document, 'utf8')),
  ajvOpts: { allErrors: true, strict: false },
  customizeAjv: (ajv) => { addFormats(ajv); return ajv },
  handlers: {
    notFound: () => ({ status: 404, body: { error: 'not found' } }),
    methodNotAllowed: () => ({ status: 405, body: { error: 'method not allowed' } }),
    unauthorizedHandler: () => ({ status: 401, body: { error: 'unauthorized' } }),
    validationFail: (context) => ({ status: 400, body: { errors: context.validation.errors } }),
    notImplemented: (context) => {
      const { status, mock } = api.mockResponseForOperation(context.operation.operationId)
      const { errors } = api.validateResponse(mock, context.operation, status)
      return errors ? { status: 500, body: { errors } } : { status, body: mock }
    }
  }
})
api.registerSecurityHandler('bearerAuth', (context) => Boolean(context.request.headers.authorization))
await api.init()

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const text = Buffer.concat(chunks).toString()
    const { status, body } = await api.handleRequest({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: text && JSON.parse(text)
    })
    const payload = JSON.stringify(body)
    response.writeHead(status, {
      'content-type': 'application/json', 'content-length': Buffer.byteLength(payload)
    })
    response.end(payload)
  })
}).listen(Number(port), '127.0.0.1')
