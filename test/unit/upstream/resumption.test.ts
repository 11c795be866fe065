import { expect, it } from 'vitest'
import { jittered, Resumption } from '../../../src/main/upstream/resumption.ts'

it('a server that wants a stream to be taken up again at once is given a moment, however often it says so', () => {
  const resumption = new Resumption()
  for (let round = 0; round < 20; round++) {
    resumption.wait(0)
    resumption.passed(String(round))
    expect(resumption.next()).toBeGreaterThanOrEqual(100)
  }
  expect(jittered(0)).toBeGreaterThanOrEqual(100)
  expect(jittered(500)).toBeGreaterThanOrEqual(500)
})
