/**
 * A complete server of both eras for the official conformance suite, written with the SDK 2.x: it has every tool, prompt and
 * resource that the suite asks for. `node reference-server.ts http` prints its URL; `node reference-server.ts stdio`.
 */
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { buildServer } from './reference/build-server.ts'
import { serveHttp } from './reference/serve-http.ts'
import { ReferenceState } from './reference/state.ts'

const state = new ReferenceState()

if (process.argv[2] === 'http') {
  const server = serveHttp(state)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`)
  })
} else {
  serveStdio(() => {
    const { server, follow } = buildServer(state)
    follow()
    return server
  })
}
