import { utilityProcess } from 'electron'
import type { ReadingAnswer } from '../rest/openapi/reading-messages.ts'
import { readingEnvironment, type StartReading } from '../rest/openapi/start-reading.ts'

/** By Electron, whose program does not run as Node; without our flags. */
export const forkReading: StartReading = (module) => {
  const child = utilityProcess.fork(module, [], {
    serviceName: 'Gatehouse document reader',
    execArgv: [],
    env: readingEnvironment(),
    stdio: 'ignore',
  })
  return {
    post: (order) => child.postMessage(order),
    onAnswer: (listener) => void child.once('message', (answer) => listener(answer as ReadingAnswer)),
    onEnd: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  }
}
