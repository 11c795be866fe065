import { vi } from 'vitest'

/** What is waited for comes, however busy the machine is: a limit only ends a test that has failed. Vitest's is a second. */
const PATIENCE = { timeout: 60_000, interval: 20 }

const { waitFor, waitUntil } = vi

// Modules that files of a worker share are patient already.
if (!Reflect.has(vi, 'isPatient')) {
  Reflect.set(vi, 'isPatient', true)
  vi.waitFor = (callback, options) => waitFor(callback, patient(options))
  vi.waitUntil = (callback, options) => waitUntil(callback, patient(options))
}

function patient<Options extends object>(options: number | Options | undefined) {
  return { ...PATIENCE, ...(typeof options === 'number' ? { timeout: options } : options) }
}
