import { describe, expect, it } from 'vitest'
import { linesAsText, linesWith, newLines } from '../../../../src/renderer/features/output/output-lines.ts'
import { processWords, uptimeWords } from '../../../../src/renderer/features/output/process-words.ts'
import type { OutputLine } from '../../../../src/shared/contract/integrations.ts'

const line = (seq: number, second = seq, kind: OutputLine['kind'] = 'stderr'): OutputLine => ({
  seq,
  at: new Date(Date.parse('2026-11-24T14:00:00.000Z') + second * 1_000).toISOString(),
  kind,
  text: `line ${seq}`,
})
const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text)

describe('lines of a stream', () => {
  it('are taken once, also when a lost stream tells them again', () => {
    const [first, place] = newLines([line(0), line(1)], undefined)
    expect(texts(first)).toEqual(['line 0', 'line 1'])
    expect(texts(newLines([line(0), line(1), line(2)], place)[0])).toEqual(['line 2'])
    expect(newLines([], place)).toEqual([[], place])
  })

  it('of a gateway that was restarted count anew and are new all the same', () => {
    const [, place] = newLines([line(500)], undefined)
    const [again] = newLines([line(0, 600), line(1, 601)], place)
    expect(texts(again)).toEqual(['line 0', 'line 1'])
    expect(new Set(again.map(({ key }) => key)).size).toBe(2)
  })

  it('that are missing leave a word, unless the core says so itself', () => {
    const [, place] = newLines([line(1)], undefined)
    expect(texts(newLines([line(5)], place)[0])).toEqual(['3 lines were left out', 'line 5'])
    expect(texts(newLines([line(3)], place)[0])).toEqual(['1 line was left out', 'line 3'])
    expect(texts(newLines([line(5, 5, 'event')], place)[0])).toEqual(['line 5'])
  })

  it('can be searched and copied', () => {
    const [lines] = newLines([line(0), line(1), line(2, 2, 'event')], undefined)
    expect(texts(linesWith(lines, ' LINE 1 '))).toEqual(['line 1'])
    expect(linesWith(lines, ' ')).toBe(lines)
    expect(linesAsText(lines.slice(1))).toBe(
      '2026-11-24T14:00:01.000Z line 1\n2026-11-24T14:00:02.000Z [event] line 2\n',
    )
  })
})

describe('a process in words', () => {
  it.each([
    [-5, '0 s'],
    [12_400, '12 s'],
    [150_000, '2 min'],
    [3 * 3_600_000 + 5 * 60_000, '3 h 5 min'],
    [52 * 3_600_000, '2 d 4 h'],
  ])('%i ms are %s', (ms, words) => expect(uptimeWords(ms)).toBe(words))

  it('has its figures', () => {
    const started_at = '2026-11-24T14:00:00.000Z'
    const usage = { pid: 4121, started_at, process_count: 1, memory_bytes: 38_100_000, cpu_percent: 1.24 }
    expect(processWords(usage, Date.parse(started_at) + 120_000)).toEqual([
      'pid 4121',
      '38.1 MB',
      '1.2 % CPU',
      'up 2 min',
      '1 process',
    ])
  })
})
