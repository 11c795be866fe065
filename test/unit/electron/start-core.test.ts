import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { takenPort } from '../../../src/main/http/port-taken.ts'
import { startCore, type PortAnswer } from '../../../src/main/electron/start-core.ts'

const taken = (port = 0) => Object.assign(new Error('taken'), { code: 'EADDRINUSE', port })

/** Starts only on the ports that are free, and answers the questions in this order. */
function attempt(free: number[], answers: PortAnswer[], fault: (port?: number) => Error = taken) {
  const asked: number[] = []
  const core = startCore({
    port: undefined,
    start: (port = 7420) => (free.includes(port) ? Promise.resolve(`core on ${port}`) : Promise.reject(fault(port))),
    takenPort,
    ask: (port) => {
      asked.push(port)
      return Promise.resolve(answers.shift() ?? 'quit')
    },
  })
  return core.then((started) => ({ started, asked }))
}

describe('starting the core on its port', () => {
  test('asks nothing while the port is free', async () => {
    expect(await attempt([7420], [])).toEqual({ started: 'core on 7420', asked: [] })
  })

  test('asks about a taken port as often as it takes', async () => {
    const answers: PortAnswer[] = ['try-again', 'try-again', 'free-port']
    expect(await attempt([0], answers)).toEqual({ started: 'core on 0', asked: [7420, 7420, 7420] })
  })

  test('Quit starts nothing', async () => {
    expect(await attempt([], ['quit'])).toEqual({ started: undefined, asked: [7420] })
  })

  test('other faults are not questions about the port', async () => {
    await expect(attempt([], [], () => new Error('disk full'))).rejects.toThrow('disk full')
  })
})

test('a taken port is known by the cause of the error, as the settings have it', async () => {
  const first = createServer().listen(0, '127.0.0.1')
  await once(first, 'listening')
  onTestFinished(() => void first.close())
  const { port } = first.address() as AddressInfo
  const second = createServer().listen(port, '127.0.0.1')
  const [error] = (await once(second, 'error')) as [Error]
  expect(takenPort(error)).toBe(port)
  expect(takenPort(new AppError('internal', { message: 'Port 7420 is taken.', cause: error }))).toBe(port)
  expect(takenPort(new AppError('internal'))).toBeUndefined()
  expect(takenPort('EADDRINUSE')).toBeUndefined()
})
