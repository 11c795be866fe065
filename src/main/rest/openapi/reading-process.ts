import { Worker } from 'node:worker_threads'
import type { ReadingAnswer, ReadingOrder } from './reading-messages.ts'
import type { WorkerAnswer } from './worker-messages.ts'

/**
 * Reads one document in a thread, which may have a deep stack, a limit of memory and an end. In a process all the same: V8
 * ends the whole process of a thread that asks for much at once when it has little left.
 */

/** To the process that started this one: Electron's utility processes have a port, Node's children a channel. */
interface Port {
  once(event: 'message', listener: (message: { data: ReadingOrder }) => void): void
  postMessage(answer: ReadingAnswer): void
}

const { parentPort } = process as { parentPort?: Port }
if (parentPort) {
  parentPort.once('message', ({ data }) => read(data, (answer) => parentPort.postMessage(answer)))
} else {
  process.once('message', (order: ReadingOrder) => read(order, (answer) => process.send?.(answer)))
  // Whoever asked has gone, and may have had no time to say so.
  process.once('disconnect', () => process.exit())
}

function read({ thread: module, heapMiB, order }: ReadingOrder, tell: (answer: ReadingAnswer) => void): void {
  const thread = new Worker(new URL(module), {
    name: 'openapi',
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 64, stackSizeMb: 8 },
    execArgv: [],
    env: {},
  })
  thread.once('message', (answer: WorkerAnswer) => tell({ answer }))
  thread.once('messageerror', (error) => tell({ failed: error.message }))
  thread.once('error', (error: Error & { code?: string }) =>
    tell(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { outOfMemory: true } : { failed: error.stack ?? error.message }),
  )
  thread.once('exit', (code) => tell({ failed: `the thread that reads documents ended with ${code}` }))
}
