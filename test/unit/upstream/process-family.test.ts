import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ProcessFamily } from '../../../src/main/upstream/process-family.ts'
import { aMachine, aProcess, NOBODY } from './process-fixture.ts'

const leader = NOBODY
const [member, left, grandchild, foreign] = [NOBODY + 1, NOBODY + 2, NOBODY + 3, NOBODY + 4]
const pids = (members: readonly { pid: number }[]) => members.map(({ pid }) => pid).sort()

describe('the family of a process of ours', () => {
  it('is its group, its session and all descendants, also those that left both', async () => {
    const { table } = aMachine(
      aProcess({ pid: leader, parent: process.pid }),
      aProcess({ pid: member, parent: 1, group: leader }),
      aProcess({ pid: left, parent: member }),
      aProcess({ pid: grandchild, parent: left, group: left, session: leader }),
      aProcess({ pid: foreign, parent: 1 }),
    )
    const family = new ProcessFamily({ pid: leader, table, isOwn: true })
    expect(pids(await family.look())).toEqual([leader, member, left, grandchild])
  })

  it('still knows who left it when its leader and all in between are gone', async () => {
    const machine = aMachine(aProcess({ pid: leader, parent: process.pid }), aProcess({ pid: left, parent: leader }))
    const family = new ProcessFamily({ pid: leader, table: machine.table, isOwn: true })
    await family.look()
    machine.processes = [aProcess({ pid: left, parent: 1 }), aProcess({ pid: grandchild, parent: left })]
    expect(pids(await family.look())).toEqual([left, grandchild])
  })

  it('does not know who has the number of a former member, nor the children of one that was born before it', async () => {
    const machine = aMachine(aProcess({ pid: leader, parent: process.pid }), aProcess({ pid: left, parent: leader }))
    const family = new ProcessFamily({ pid: leader, table: machine.table, isOwn: true })
    await family.look()
    machine.processes = [
      aProcess({ pid: leader, parent: process.pid }),
      aProcess({ pid: left, parent: 1, born: 'later' }),
      aProcess({ pid: foreign, parent: leader, startedAtMs: 1 }),
    ]
    expect(pids(await family.look())).toEqual([leader])
  })

  it('counts no zombies', async () => {
    const { table } = aMachine(aProcess({ pid: leader, parent: process.pid, isZombie: true }))
    expect(await new ProcessFamily({ pid: leader, table, isOwn: true }).look()).toEqual([])
  })
})

describe('a family of which only a note is left', () => {
  const known = [{ pid: leader, born: `born-${leader}` }]

  it.each(['group', 'session'] as const)(
    'never holds ourselves, though a member started us in its %s',
    async (where) => {
      const us = { pid: process.pid, parent: leader, [where]: leader }
      const { table } = aMachine(aProcess({ pid: leader }), aProcess({ pid: member, group: leader }), aProcess(us))
      const family = new ProcessFamily({ pid: leader, table, known, isOwn: false })
      expect(pids(await family.look())).toEqual([leader, member])
    },
  )

  it('is not signalled as a group where we are in that group', async () => {
    const signalled: number[] = []
    const kill = vi.spyOn(process, 'kill').mockImplementation((pid) => {
      signalled.push(pid)
      return true
    })
    onTestFinished(() => kill.mockRestore())
    const us = aProcess({ pid: process.pid, parent: leader, group: leader })
    const { table } = aMachine(aProcess({ pid: leader }), aProcess({ pid: member, group: leader }), us)
    const family = new ProcessFamily({ pid: leader, table, known, isOwn: false })
    await family.look()
    family.signal('SIGTERM')
    expect(signalled).toEqual([leader, member])
  })

  it('is known with its whole group where one of it is still the same', async () => {
    const { table } = aMachine(
      aProcess({ pid: leader }),
      aProcess({ pid: member, group: leader }),
      aProcess({ pid: foreign }),
    )
    expect(pids(await new ProcessFamily({ pid: leader, table, known, isOwn: false }).look())).toEqual([leader, member])
  })

  it('has nobody where the number belongs to another process now, with another group', async () => {
    const { table } = aMachine(
      aProcess({ pid: leader, born: 'later' }),
      aProcess({ pid: member, group: leader, parent: leader }),
    )
    const family = new ProcessFamily({ pid: leader, table, known, isOwn: false })
    expect(await family.look()).toEqual([])
    expect(family.signal('SIGKILL')).toBe(false)
  })
})
