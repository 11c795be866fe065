import { pause } from './pause.ts'
import { type Problem, problemOf } from './problem.ts'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000

export interface FollowedStream<Batch> {
  open: (signal: AbortSignal) => Promise<AsyncIterable<Batch>>
  /** It is open: what was missed can be loaded now, since nothing more can be. */
  onOpen: (signal: AbortSignal) => Promise<void> | void
  onBatch: (batch: Batch) => void
  /** It is lost, and will be opened again after a while. */
  onLost: (problem: Problem) => void
}

/**
 * Reads a stream until the signal is aborted, and opens it again with back-off when it is lost. Only one is open at a
 * time, and none once this has returned.
 */
export async function followStream<Batch>(stream: FollowedStream<Batch>, signal: AbortSignal): Promise<void> {
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    const attempt = new AbortController()
    const either = AbortSignal.any([signal, attempt.signal])
    try {
      const batches = await stream.open(either)
      await stream.onOpen(either)
      retryMs = FIRST_RETRY_MS
      for await (const batch of batches) {
        // What was read before the end came is nobody's any more.
        if (isAborted(signal)) return
        stream.onBatch(batch)
      }
      if (isAborted(signal)) return
      stream.onLost({ code: 'unreachable', message: 'The gateway closed the connection.', details: [] })
    } catch (cause) {
      if (isAborted(signal)) return
      const problem = problemOf(cause)
      stream.onLost(problem)
      // Only a fresh link helps; the shell says so.
      if (problem.code === 'signed_out') return
    } finally {
      // Where loading failed, the stream itself may still be open.
      attempt.abort()
    }
    await pause(retryMs * (0.75 + Math.random() / 2), signal)
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }
}

/** Read anew: it changes during waits, which the compiler cannot see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
