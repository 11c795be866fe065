import { fork } from 'node:child_process'
import type { ReadingAnswer, ReadingOrder } from './reading-messages.ts'

/** A process that reads one document. */
export interface ReadingProcess {
  post(order: ReadingOrder): void
  onAnswer(listener: (answer: ReadingAnswer) => void): void
  /** It has ended, or could not be started. Called once. */
  onEnd(listener: () => void): void
  kill(): void
}

/** Starts the module at this path. */
export type StartReading = (module: string) => ReadingProcess

/** By Node itself. It gets neither our environment, which may hold secrets, nor our flags. */
export const forkReading: StartReading = (module) => {
  const { SystemRoot } = process.env
  const child = fork(module, {
    execArgv: [],
    // Windows starts nothing without it.
    env: SystemRoot === undefined ? {} : { SystemRoot },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return {
    // Where it is gone already, its end tells.
    post: (order) => void child.send(order, () => undefined),
    onAnswer: (listener) => void child.once('message', (answer) => listener(answer as ReadingAnswer)),
    onEnd: (listener) => {
      child.once('exit', listener)
      child.once('error', listener)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
