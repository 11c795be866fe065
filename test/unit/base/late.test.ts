import { expect, it, vi } from 'vitest'
import { Late } from '../../../src/main/base/late.ts'

it('makes it once, when it is first asked for', async () => {
  const make = vi.fn(() => Promise.resolve({}))
  const late = new Late(make)
  expect(make).not.toHaveBeenCalled()
  const [one, other] = await Promise.all([late.get(), late.get()])
  expect(other).toBe(one)
  expect(await late.get()).toBe(one)
  expect(make).toHaveBeenCalledOnce()
})

it('tries again where it could not be made', async () => {
  const make = vi.fn(() => Promise.resolve('made'))
  make.mockRejectedValueOnce(new Error('the disk is full'))
  const late = new Late(make)
  await expect(late.get()).rejects.toThrow('the disk is full')
  expect(await late.get()).toBe('made')
})

it('ends only what was made', async () => {
  const end = vi.fn()
  const never = new Late(() => Promise.resolve('made'))
  await never.ifMade(end)
  const failed = new Late(() => Promise.reject(new Error('the disk is full')))
  await failed.get().catch(() => undefined)
  await failed.ifMade(end)
  expect(end).not.toHaveBeenCalled()
  await never.get()
  await never.ifMade(end)
  expect(end).toHaveBeenCalledExactlyOnceWith('made')
})
