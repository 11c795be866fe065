import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce } from './ready.ts'

/** Takes every request and says that it has it: the least that a receiver of notices does. */
const server = createServer((request, response) => {
  request.resume().on('end', () => void response.writeHead(204).end())
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
