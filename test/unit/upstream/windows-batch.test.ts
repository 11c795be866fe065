import { describe, expect, it } from 'vitest'
import { batchCommandLine, isBatchFile } from '../../../src/main/upstream/windows-batch.ts'

describe('the command line of a batch file', () => {
  it('leaves no character to cmd.exe that means something to it', () => {
    const line = batchCommandLine('C:\\Program Files\\nodejs\\npx.cmd', [
      '-y',
      'a&calc',
      '%PATH%',
      '"; x',
      'a b',
      '^|<>',
    ])
    // Every special character inside the outer quotes stands behind a caret.
    expect(line.slice(1, -1).replace(/\^[\s\S]/g, '')).not.toMatch(/[()%!^"<>&|;,]/)
  })

  it('keeps plain words readable', () => {
    expect(batchCommandLine('npx.cmd', ['server'])).toBe('"npx.cmd ^^^"server^^^""')
  })

  it('is needed for batch files only', () => {
    expect(['x.cmd', 'X.BAT', 'x.exe', 'cmd'].map(isBatchFile)).toEqual([true, true, false, false])
  })
})
