import type { WorkerAnswer, WorkerOrder } from './worker-messages.ts'

/** What a process that reads a document is told, once. */
export interface ReadingOrder {
  /** Address of the module that its thread runs. */
  thread: string
  /** Of the thread. */
  heapMiB: number
  order: WorkerOrder
}

/** What it tells first is its answer. */
export type ReadingAnswer = { answer: WorkerAnswer } | { outOfMemory: true } | { failed: string }
