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

/** It gets nothing of our environment, which may hold secrets, but without what Windows starts nothing. */
export function readingEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env
  return SystemRoot === undefined ? {} : { SystemRoot }
}

/** By Node itself, without our flags. */
export const forkReading: StartReading = (module) => {
  const child = fork(module, {
    execArgv: [],
    env: readingEnvironment(),
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
