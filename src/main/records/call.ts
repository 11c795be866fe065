import type { Call } from '../../shared/contract/calls.ts'
import type { CallRow } from '../store/calls-store.ts'

/** As the API tells it. */
export function toCall({ id, at, workspace: _workspace, error_code, error_message, ...row }: CallRow): Call {
  const error = error_code === null ? null : { code: error_code, message: error_message ?? '' }
  return { ...row, id: String(id), at: new Date(at).toISOString(), error }
}
