import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../base/app-error.ts'
import { importTasks } from './import-tasks.ts'
import type { TaskName, WorkerAnswer, WorkerOrder } from './worker-messages.ts'

/** Does one task beside the main thread, which goes on to serve agents, and ends: all of its memory goes with it. */
parentPort?.postMessage(answerTo(workerData as WorkerOrder))

function answerTo({ task, input }: WorkerOrder): WorkerAnswer {
  try {
    const work = importTasks[task] as (input: WorkerOrder['input']) => ReturnType<(typeof importTasks)[TaskName]>
    return { result: work(input) }
  } catch (error) {
    if (error instanceof AppError) {
      const { code, message, details } = error
      return { refusal: { code, message, details } }
    }
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
