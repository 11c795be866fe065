import type { SetupCheck } from '../../shared/contract/setup.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { RegistryWay } from './registry-schema.ts'
import type { SystemAccess } from './system-adapter.ts'
import { pathOf } from './setup-fields.ts'

const TIMEOUT_MS = 30_000

/** Of an entry without an adapter: whether its service is there, and takes the credentials. */
export async function* genericCheck(
  access: SystemAccess,
  way: RegistryWay,
  signal: AbortSignal,
): AsyncGenerator<SetupCheck> {
  if (access.baseUrl === '') return
  const check = { id: 'reach', label: 'The service answers', message: '', fix: null, field: null }
  yield { ...check, state: 'running' }
  try {
    const path = way.check_path ?? '/'
    const { status } = await access.request({ method: 'GET', path, timeoutMs: TIMEOUT_MS }, signal)
    const answered = `${new URL(access.baseUrl).host} answered ${status}`
    if (status === 401 || status === 403) {
      yield { ...check, state: 'failed', message: `${answered}: it does not accept the credentials.`, ...mend(way) }
    } else if (way.check_path !== undefined && (status < 200 || status > 299)) {
      yield { ...check, state: 'failed', message: `${answered} to ${path}.`, fix: 'Check the address.' }
    } else {
      yield { ...check, state: 'ok', message: `${answered}.` }
    }
  } catch (error) {
    if (signal.aborted) throw error
    const field = error instanceof AppError ? (error.details[0]?.path ?? null) : null
    yield { ...check, state: 'failed', message: access.redact(messageOf(error)), field }
  }
}

function mend(way: RegistryWay): Pick<SetupCheck, 'fix' | 'field'> {
  const secret = way.fields.find(({ kind, credential }) => kind === 'secret' && credential !== undefined)
  if (secret === undefined) return { fix: null, field: null }
  return { fix: `Enter ${secret.label} again.`, field: pathOf(secret) }
}
