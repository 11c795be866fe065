import type { IncomingMessage } from 'node:http'

/**
 * Past the limit so much is still read and thrown away, so that a client which writes before it reads gets the answer
 * instead of a broken connection.
 */
const DISCARDED_BYTES = 16 * 1024 * 1024

/** The whole body, or undefined when it is over the limit; never more than the limit is kept. */
export function readLimited(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBytes + DISCARDED_BYTES) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        chunks.length = 0
        if (size > maxBytes + DISCARDED_BYTES) {
          request.pause()
          resolve(undefined)
        }
      }
    })
    request.on('end', () => resolve(size > maxBytes ? undefined : joined(chunks)))
    // A broken connection is an error only where somebody listens for one; it always closes.
    request.on('close', () => {
      if (!request.complete) reject(new Error('the connection was closed before the body was complete'))
    })
  })
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)
}
