import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkText } from '../../../../src/renderer/schema-check/check.ts'
import type { CheckMessage, CheckRequest } from '../../../../src/renderer/schema-check/messages.ts'
import { type CheckWorker, SchemaChecker } from '../../../../src/renderer/schema-check/schema-checker.ts'

/** Answers by hand; `ended` once it was terminated. */
class FakeWorker implements CheckWorker {
  onmessage: ((event: MessageEvent<CheckMessage>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  readonly requests: CheckRequest[] = []
  ended = false

  postMessage(request: CheckRequest): void {
    this.requests.push(request)
  }

  terminate(): void {
    this.ended = true
  }

  start(): void {
    this.#tell({ id: this.#last.id, started: true })
  }

  answer(): void {
    const { id, schema, text } = this.#last
    this.#tell({ id, started: false, check: checkText(schema, text) })
  }

  fail(): void {
    this.onerror?.({ preventDefault: () => undefined } as ErrorEvent)
  }

  #tell(data: CheckMessage): void {
    this.onmessage?.({ data } as MessageEvent<CheckMessage>)
  }

  get #last(): CheckRequest {
    const request = this.requests.at(-1)
    if (!request) throw new Error('nothing was asked')
    return request
  }
}

const workers: FakeWorker[] = []
const worker = (index: number): FakeWorker => {
  const found = workers[index]
  if (!found) throw new Error(`there is no worker ${index}`)
  return found
}
const newChecker = () =>
  new SchemaChecker(
    () => {
      workers.push(new FakeWorker())
      return worker(workers.length - 1)
    },
    { startMs: 5_000, checkMs: 1_000 },
  )

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  workers.length = 0
})

describe('SchemaChecker', () => {
  it('asks one worker, again and again', async () => {
    const checker = newChecker()
    const first = checker.check({ type: 'string' }, '1')
    worker(0).start()
    worker(0).answer()
    expect(await first).toMatchObject({ checked: true, findings: [{ pointer: '' }] })
    const second = checker.check({ type: 'string' }, '"x"')
    worker(0).answer()
    expect(await second).toEqual({ checked: true, findings: [] })
    expect(workers).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends a worker that checks for too long, and starts with another one', async () => {
    const checker = newChecker()
    const endless = checker.check({ pattern: '(a+)+$' }, '"aaa"')
    vi.advanceTimersByTime(4_000)
    worker(0).start()
    vi.advanceTimersByTime(999)
    expect(worker(0).ended).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await endless).toEqual({ checked: false, reason: 'The check took longer than 1 s and was stopped.' })
    expect(worker(0).ended).toBe(true)

    const next = checker.check({}, '1')
    worker(1).answer()
    expect(await next).toEqual({ checked: true, findings: [] })
  })

  it('says when a worker never begins or cannot run', async () => {
    const checker = newChecker()
    const silent = checker.check({}, '1')
    vi.advanceTimersByTime(5_000)
    expect(await silent).toEqual({ checked: false, reason: 'The check did not start.' })
    const broken = checker.check({}, '1')
    worker(1).fail()
    expect(await broken).toEqual({ checked: false, reason: 'The check could not run.' })
  })

  it('drops a check for a newer one, whose answer is its own', async () => {
    const checker = newChecker()
    const older = checker.check({ type: 'string' }, '1')
    worker(0).start()
    const newer = checker.check({}, '1')
    expect(await older).toBeUndefined()
    // What the first worker still says concerns nobody.
    worker(0).answer()
    worker(1).answer()
    expect(await newer).toEqual({ checked: true, findings: [] })
  })

  it('leaves nothing behind when it is closed', async () => {
    const checker = newChecker()
    const unanswered = checker.check({}, '1')
    checker.close()
    expect(await unanswered).toBeUndefined()
    expect(worker(0).ended).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})
