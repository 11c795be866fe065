import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { ChildProcesses } from '../../../src/main/upstream/child-processes.ts'
import { ChildrenFile } from '../../../src/main/upstream/children-file.ts'
import { ProcessTable } from '../../../src/main/upstream/process-table.ts'
import { CommandLine } from '../../helpers/command-line.ts'
import { temporaryFolder } from '../../unit/store/fresh-store.ts'
import { Harness, silentLog, until } from './harness.ts'

const limits = { terminateMs: 500 }

/** A process of somebody else, in a group of its own. */
async function foreigner() {
  const child = spawn('tail', ['-f', '/dev/null'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  const facts = (await new ProcessTable().read()).find(({ pid }) => pid === child.pid)
  if (facts === undefined) throw new Error('it is not in the table')
  return {
    pid: facts.pid,
    born: facts.born,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    child,
  }
}

function sweeping(families: Parameters<ChildrenFile['write']>[0]) {
  const path = join(temporaryFolder(), 'children.json')
  new ChildrenFile(path).write(families)
  const children = new ChildProcesses({ environment: {}, file: new ChildrenFile(path), log: silentLog })
  return { children, path }
}

describe('the sweep at the start', () => {
  it('ends who has the noted pid and was born at the noted time, and forgets them', async () => {
    const { pid, born, child } = await foreigner()
    const { children, path } = sweeping([{ pid, command: 'tail', members: [{ pid, born }] }])
    const ended = once(child, 'exit')
    await children.sweep(limits)
    expect(await ended).toEqual([null, 'SIGTERM'])
    children.close()
    expect(existsSync(path)).toBe(false)
  })

  it('does not touch a process that has been given the number of a former one', async () => {
    const reused = await foreigner()
    const { pid } = reused
    const { children, path } = sweeping([
      { pid, command: 'tail', members: [{ pid, born: `${reused.born}0` }] },
      { pid, command: 'of a group that is another now', members: [] },
    ])
    await children.sweep(limits)
    expect(reused.isAlive()).toBe(true)
    children.close()
    expect(existsSync(path)).toBe(false)
  })

  it('does not touch the group of a number that is reused for a member', async () => {
    const [leader, member] = [await foreigner(), await foreigner()]
    const { children } = sweeping([
      { pid: leader.pid, command: 'x', members: [{ pid: member.pid, born: member.born }] },
    ])
    await children.sweep(limits)
    expect(leader.isAlive()).toBe(true)
    expect(member.isAlive()).toBe(false)
  })
})

describe('a gateway that is killed', () => {
  let test: Harness
  let cli: CommandLine
  afterEach(async () => {
    await cli.close()
    await test.close()
  })

  it('leaves children that ignore the end of their input; the next one ends them and nobody else', async () => {
    test = new Harness()
    cli = await CommandLine.create()
    // One that ignores its end, and one that leaves at once and leaves its child behind.
    const mcpServers = { deaf: test.family('deaf', 'stubborn-session'), leaves: test.family('stubborn-child') }
    const config = join(cli.dataDir, 'servers.json')
    await writeFile(config, JSON.stringify({ mcpServers }))
    const file = new ChildrenFile(join(cli.dataDir, 'children.json'))
    const noted = () => file.read().flatMap(({ members }) => members.map(({ pid }) => pid))

    const first = await cli.serve(['--config', config])
    await until(() => test.processes().length === 4 && noted().length === 4)
    await first.stop('SIGKILL')
    await until(() => test.processes().length === 3)
    const left = test.processes()

    const foreign = await foreigner()
    file.write([
      ...file.read(),
      { pid: foreign.pid, command: 'x', members: [{ pid: foreign.pid, born: 'another boot/1' }] },
    ])
    const second = await cli.serve()
    // Nothing is connected before the sweep is over.
    await until(() => noted().length === 4 && !noted().some((pid) => left.includes(pid) || pid === foreign.pid))
    expect(test.processes().sort()).toEqual(noted().sort())
    expect(foreign.isAlive()).toBe(true)

    await second.stop('SIGKILL')
    await new ChildProcesses({ environment: {}, file, log: silentLog }).sweep({ terminateMs: 50 })
    expect(test.processes()).toEqual([])
  })
})
