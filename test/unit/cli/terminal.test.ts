import { clearLine, cursorTo, moveCursor, type Direction } from 'node:readline'
import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { firstLine, table } from '../../../src/main/cli/table.ts'
import { Terminal } from '../../../src/main/cli/terminal.ts'

/** What Node and its colours look at besides the stream: a run in CI must see the same terminal as one by hand. */
beforeEach(() => {
  vi.stubEnv('TERM', 'xterm-256color')
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'COLORTERM', 'TMUX']) {
    vi.stubEnv(name, undefined)
  }
})
afterEach(() => vi.unstubAllEnvs())

/** What Node gives a process for a terminal, written into memory. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true
  readonly columns = 40

  getColorDepth(): number {
    return WriteStream.prototype.getColorDepth()
  }
  cursorTo(x: number): boolean {
    return cursorTo(this, x)
  }
  clearLine(direction: Direction): boolean {
    return clearLine(this, direction)
  }
  moveCursor(dx: number, dy: number): boolean {
    return moveCursor(this, dx, dy)
  }
}

/** Streams of a terminal of 40 columns, or of a pipe. */
function terminalOf({ isTTY, json = false }: { isTTY: boolean; json?: boolean }) {
  const stream = () => (isTTY ? new FakeTerminal() : Object.assign(new PassThrough(), { isTTY }))
  const [stdin, stdout, stderr] = [stream(), stream(), stream()]
  const terminal = new Terminal({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    json,
  })
  const read = (from: PassThrough) => (from.read() as Buffer | null)?.toString() ?? ''
  return { terminal, stdin, stdout, out: () => read(stdout), err: () => read(stderr) }
}

describe('Terminal', () => {
  it('colours on a terminal, and not in a pipe', () => {
    expect(terminalOf({ isTTY: true }).terminal.styled('red', 'Error')).toMatch(/\u001b\[31mError/)
    expect(terminalOf({ isTTY: false }).terminal.styled('red', 'Error')).toBe('Error')
  })

  it('respects NO_COLOR', () => {
    vi.stubEnv('NO_COLOR', '1')
    const { terminal } = terminalOf({ isTTY: true })
    expect(terminal.styled('red', 'Error')).toBe('Error')
    expect(terminal.styledNote('red', 'Error')).toBe('Error')
  })

  it('lets no foreign text drive a terminal, and changes nothing for a pipe', () => {
    const foreign = 'a\u001b]52;c;ZXZpbA==\u0007\tb\u001b[2J\u009b8m\u001b[8mc\r\n\u0000d\u007f'
    const shown = terminalOf({ isTTY: true })
    shown.terminal.print(`${shown.terminal.styled('bold', 'name')} ${foreign}`)
    shown.terminal.note(foreign)
    expect(shown.out()).toBe('\u001b[1mname\u001b[22m a]52;c;ZXZpbA==\tb[2J8m[8mc\nd\n')
    expect(shown.err()).toBe('a]52;c;ZXZpbA==\tb[2J8m[8mc\nd\n')
    const piped = terminalOf({ isTTY: false })
    piped.terminal.print(foreign)
    expect(piped.out()).toBe(`${foreign}\n`)
  })

  it('shows on a terminal that something goes on, and cleans up after it', async () => {
    const { terminal, err } = terminalOf({ isTTY: true })
    expect(await terminal.busy('Working', () => Promise.resolve(5))).toBe(5)
    expect(stripVTControlCharacters(err())).toContain('Working')
  })

  it.each([{ isTTY: false }, { isTTY: true, json: true }])('stays quiet about it with %j', async (how) => {
    const { terminal, out, err } = terminalOf(how)
    await expect(terminal.busy('Working', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(out() + err()).toBe('')
  })

  it('answers JSON and nothing else where that was asked for', () => {
    const { terminal, out, err } = terminalOf({ isTTY: true, json: true })
    terminal.note('by the way')
    terminal.answer({ a: 1 }, () => 'readable')
    expect(out()).toBe('{"a":1}\n')
    expect(err()).toBe('')
    expect(terminal.interactive).toBe(false)
  })

  it.each([
    ['y', true],
    ['YES', true],
    ['n', false],
    ['', false],
    ['maybe', false],
  ])('takes the answer %j as %s', async (typed, confirmed) => {
    const { terminal, stdin, err } = terminalOf({ isTTY: true })
    expect(terminal.interactive).toBe(true)
    const answer = terminal.confirm('Remove it?', new AbortController().signal)
    stdin.write(`${typed}\n`)
    expect(await answer).toBe(confirmed)
    expect(stripVTControlCharacters(err())).toContain('Remove it? [y/N]')
  })

  it('takes it as the end when the reader of its output has enough', () => {
    const { stdout } = terminalOf({ isTTY: false })
    expect(() => stdout.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' }))).not.toThrow()
    expect(() => stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full')
  })
})

describe('table', () => {
  it('aligns columns, whatever colour they have', () => {
    const rows = [
      ['NAME', 'STATUS', 'X'],
      ['a', '\u001b[32mConnected\u001b[39m', 'y'],
    ]
    expect(stripVTControlCharacters(table(rows))).toBe('NAME  STATUS     X\na     Connected  y')
  })

  it('cuts what is wider than the terminal', () => {
    expect(table([['name', 'x'.repeat(50)]], 20)).toBe(`name  ${'x'.repeat(13)}…`)
    expect(table([['name', 'x'.repeat(50)]])).toHaveLength(56)
    expect(table([['name', '\u001b[32mConnected\u001b[39m', 'x']], 9)).toBe('name  \u001b[32mCo\u001b[39m…')
  })

  it('takes the first line of a text', () => {
    expect(firstLine('\n  Finds things.\r\nThen more.')).toBe('Finds things.')
    expect(firstLine('')).toBe('')
  })
})
