import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ChildrenFile } from '../../../src/main/upstream/children-file.ts'
import { temporaryFolder } from '../store/fresh-store.ts'

const family = { pid: 4711, command: 'npx', members: [{ pid: 4711, born: 'boot/1' }] }

describe('the file of running processes', () => {
  it('keeps them for its owner alone, and is gone when none runs', () => {
    const folder = temporaryFolder()
    const path = join(folder, 'children.json')
    const file = new ChildrenFile(path)
    expect(file.read()).toEqual([])
    file.write([family])
    expect(file.read()).toEqual([family])
    expect(readdirSync(folder)).toEqual(['children.json'])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    file.write([])
    expect(existsSync(path)).toBe(false)
  })

  it('is bounded', () => {
    const file = new ChildrenFile(join(temporaryFolder(), 'children.json'))
    const members = Array.from({ length: 5_000 }, (_, index) => ({ pid: index + 2, born: 'x' }))
    file.write(Array.from({ length: 2_100 }, () => ({ ...family, command: 'c'.repeat(5_000), members: [] })))
    expect(file.read()).toHaveLength(2_000)
    file.write([{ ...family, members }])
    expect(file.read()[0]?.members).toHaveLength(200)
  })

  it.each([
    ['half of it', '{"version":1,"families":[{"pid":47'],
    ['another version', JSON.stringify({ version: 2, families: [family] })],
    ['a pid that is a group of everybody', JSON.stringify({ version: 1, families: [{ ...family, pid: 1 }] })],
    ['a negative pid', JSON.stringify({ version: 1, families: [{ ...family, members: [{ pid: -1, born: 'x' }] }] })],
    ['a member without a birth', JSON.stringify({ version: 1, families: [{ ...family, members: [{ pid: 5 }] }] })],
  ])('%s: nothing of it is believed', (_case, content) => {
    const path = join(temporaryFolder(), 'children.json')
    writeFileSync(path, content)
    expect(new ChildrenFile(path).read()).toEqual([])
  })
})
