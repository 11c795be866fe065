import { expect, it, onTestFinished } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { InstanceLock } from '../../../src/main/store/instance-lock.ts'
import { temporaryFolder } from './fresh-store.ts'

const run = { mcp_url: 'http://127.0.0.1:7420/mcp', api_url: 'http://127.0.0.1:7420/api/v1', admin_token: 'gha_x' }

it('gives a data directory to one holder and tells the next one who that is', () => {
  const dataDir = DataDir.open(temporaryFolder())
  const lock = InstanceLock.take(dataDir)
  onTestFinished(() => lock.release())
  expect(refusal(dataDir)).toMatchObject({
    code: 'in_use',
    message: expect.stringMatching(/^Another Gatehouse is running/) as string,
  })

  dataDir.writeRunFile({ pid: process.pid, ...run })
  expect(() => InstanceLock.take(dataDir)).toThrow(`pid ${process.pid}, http://127.0.0.1:7420/mcp`)
})

it('gives it to the next one after it is released', () => {
  const dataDir = DataDir.open(temporaryFolder())
  InstanceLock.take(dataDir).release()
  InstanceLock.take(dataDir).release()
})

function refusal(dataDir: DataDir): unknown {
  try {
    InstanceLock.take(dataDir).release()
    return undefined
  } catch (error) {
    return error instanceof AppError && error
  }
}
