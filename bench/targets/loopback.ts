import { Server } from 'node:net'

/** Some peers know no host to listen on, and would be open to the network. Loaded into them by `--import`. */

type Listen = (this: Server, ...args: unknown[]) => Server

const prototype = Server.prototype as unknown as { listen: Listen }
const { listen } = prototype
prototype.listen = function (port, ...rest) {
  const hasHost = typeof port !== 'number' || typeof rest[0] === 'string'
  return hasHost ? listen.call(this, port, ...rest) : listen.call(this, port, '127.0.0.1', ...rest)
}
