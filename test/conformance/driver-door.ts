import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** What the suite tells the client that it starts. */
export interface Task {
  scenario: string
  /** Of the suite's server. */
  url: string
  context: Readonly<Record<string, unknown>>
}
export type Drive = (task: Task) => Promise<void>

/** The suite starts the clients of all scenarios at the same time. */
const AT_ONCE = 2

/** How long one of them may take on a busy machine, in milliseconds. */
const DRIVE_MS = 120_000

/** From the root of the repository, where the suite runs: the suite cuts its command at spaces. */
const CALLER = 'test/conformance/call-driver.mjs'

/**
 * Where the clients that the suite starts hand their tasks to, for this very process to do: each has a gateway of its own, and
 * all of them the code that was loaded once. To load it takes a process ten times as long as the scenario itself.
 */
export class DriverDoor {
  /** What went wrong, by scenario: the suite says it too, but all of them in one. */
  readonly faults = new Map<string, string>()
  readonly #drive: Drive
  readonly #server: Server
  readonly #waiting: (() => void)[] = []
  #free = AT_ONCE

  private constructor(drive: Drive) {
    this.#drive = drive
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      // Whom the suite has ended says no task, or reads no answer.
      socket.on('error', () => socket.destroy())
      this.#serve(socket).catch(() => socket.destroy())
    })
  }

  static async open(drive: Drive): Promise<DriverDoor> {
    const door = new DriverDoor(drive)
    door.#server.listen(0, '127.0.0.1')
    await once(door.#server, 'listening')
    return door
  }

  /** For the suite, which has a shell run it. Of the other scenarios in its set nothing is done, which takes no Node. */
  commandFor(scenarios: readonly string[]): string {
    const { port } = this.#server.address() as AddressInfo
    const others = `case $MCP_CONFORMANCE_SCENARIO in ${scenarios.join('|')}) ;; *) exit ;; esac`
    return `${others}; exec node ${CALLER} ${port}`
  }

  async close(): Promise<void> {
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Answers with what went wrong: nothing, if all went well. */
  async #serve(socket: Socket): Promise<void> {
    const task = JSON.parse(await text(socket)) as Task
    await this.#turn()
    try {
      await this.#driveInTime(task)
      socket.end()
    } catch (error) {
      const fault = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.faults.set(task.scenario, fault)
      socket.end(fault)
    } finally {
      this.#free++
      this.#waiting.shift()?.()
    }
  }

  async #driveInTime(task: Task): Promise<void> {
    const limit = new AbortController()
    const late = delay(DRIVE_MS, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`It was not done after ${DRIVE_MS / 1000} s`)
    })
    try {
      await Promise.race([this.#drive(task), late])
    } finally {
      limit.abort()
    }
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#free--
  }
}
