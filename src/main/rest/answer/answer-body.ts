import type { Readable } from 'node:stream'

/** The bytes of an answer, or its two ends. */
export interface AnswerBody {
  /** All of it where it was not cut. */
  head: Buffer
  /** Null: it was not cut. */
  tail: Buffer | null
  /** Null: it is longer than was read, and the API does not say how long. */
  total: number | null
}

export interface AnswerLimits {
  /** An answer of so many bytes is kept as a whole. */
  wholeBytes: number
  /** Of a longer one so much of each end. */
  endBytes: number
}

/** Of a longer answer the end is not waited for. What is packed may be a thousand times as long as what was sent. */
const READ_BYTES = 64 * 1024 * 1024

/** Reads an answer in the room that the limits give it, however long it is. */
export async function readAnswer(
  body: Readable,
  announced: number | undefined,
  { wholeBytes, endBytes }: AnswerLimits,
): Promise<AnswerBody> {
  const chunks: Buffer[] = []
  let head: Buffer | undefined
  let size = 0
  let kept = 0
  const most = Math.max(READ_BYTES, wholeBytes)
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    kept += chunk.length
    chunks.push(chunk)
    if (head === undefined && size > wholeBytes) head = Buffer.from(Buffer.concat(chunks).subarray(0, endBytes))
    if (head === undefined) continue
    for (let first = chunks[0]; first && kept - first.length >= endBytes; first = chunks[0]) {
      kept -= first.length
      chunks.shift()
    }
    if (size > most) return { head, tail: Buffer.alloc(0), total: announced ?? null }
  }
  const rest = Buffer.concat(chunks)
  if (head === undefined) return { head: rest, tail: null, total: rest.length }
  return { head, tail: Buffer.from(rest.subarray(-endBytes)), total: size }
}
