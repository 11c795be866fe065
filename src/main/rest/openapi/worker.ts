import { parentPort, workerData } from 'node:worker_threads'
import type { OpenApiPreview } from '../../../shared/contract/openapi.ts'
import { AppError } from '../../base/app-error.ts'
import { importTasks } from './import-tasks.ts'
import type { TaskName, WorkerAnswer, WorkerOrder } from './worker-messages.ts'

/** Eight times the largest of the real documents. */
const MAX_RESULT_BYTES = 200 * 1024 * 1024

/** Does one task beside the main thread, which goes on to serve agents, and ends: all of its memory goes with it. */
parentPort?.postMessage(answerTo(workerData as WorkerOrder))

function answerTo({ task, input }: WorkerOrder): WorkerAnswer {
  try {
    const work = importTasks[task] as (input: WorkerOrder['input']) => ReturnType<(typeof importTasks)[TaskName]>
    const result = work(input)
    if (task === 'preview') requireSendable(result as OpenApiPreview)
    return { result }
  } catch (error) {
    if (error instanceof AppError) {
      const { code, message, details } = error
      return { refusal: { code, message, details } }
    }
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Definitions that many tools share are one in this thread and written out for each on the way to whoever asked. */
function requireSendable({ tools }: OpenApiPreview): void {
  const bytes = tools.reduce((sum, { tokens }) => sum + tokens * 4, 0)
  if (bytes <= MAX_RESULT_BYTES) return
  const size = Math.round(bytes / 1024 / 1024).toLocaleString('en')
  throw new AppError('too_large', {
    message: `The tools of this document would take ${size} MiB. Give a smaller one: split it by tags or paths.`,
  })
}
