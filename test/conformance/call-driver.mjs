/** What the conformance suite runs as "the client": hands its task to the test (`driver-door.ts`), and waits until it is done. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const [port, url] = process.argv.slice(2)
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env

const socket = connect({ host: '127.0.0.1', port: Number(port) })
socket.end(JSON.stringify({ scenario, url, context: JSON.parse(context) }))
const fault = await text(socket)
if (fault !== '') {
  console.error(fault)
  process.exitCode = 1
}
