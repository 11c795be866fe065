import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCommand } from '../../../src/main/upstream/find-command.ts'

describe('finding a command', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-path-'))
  const bin = path.join(folder, 'bin')
  mkdirSync(path.join(bin, 'a-folder'), { recursive: true })
  writeFileSync(path.join(bin, 'runs'), '')
  chmodSync(path.join(bin, 'runs'), 0o755)
  writeFileSync(path.join(bin, 'text'), '')
  const place = { cwd: folder, environment: { PATH: `/no/such/folder:${bin}` }, platform: 'linux' as const }

  it('looks through the PATH of the child', () => {
    expect(findCommand('runs', place)).toBe(path.join(bin, 'runs'))
    expect(findCommand('runs', { ...place, environment: {} })).toBeUndefined()
  })

  it('takes paths as they are, relative ones from the working directory', () => {
    expect(findCommand(path.join(bin, 'runs'), place)).toBe(path.join(bin, 'runs'))
    expect(findCommand('./bin/runs', place)).toBe(path.join(bin, 'runs'))
    expect(findCommand('./runs', place)).toBeUndefined()
  })

  it('does not take folders, and files that may not be executed', () => {
    expect(findCommand('a-folder', place)).toBeUndefined()
    expect(findCommand('text', place)).toBeUndefined()
    expect(findCommand('runs; rm', place)).toBeUndefined()
  })
})
