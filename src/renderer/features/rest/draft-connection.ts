import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import { originOf, type RestValues, toRestConnection, toRestCredentials } from './rest-values.ts'
import { restErrors } from './rest-errors.ts'

/** Stands for an address that is not entered yet, so that a tool can be looked at before. */
const NO_ADDRESS = 'https://base-url.example'

export interface DraftConnection {
  connection: RestConnectionDraft
  /** Why nothing can be sent to it yet. */
  unready: string | undefined
}

/** The connection of a form that is not finished, to preview tools with. What is wrong with it is left out. */
export function draftConnection(values: RestValues): DraftConnection {
  const errors = restErrors(values)
  if (errors.length === 0) {
    const credentials = toRestCredentials(values)
    return {
      connection: { ...toRestConnection(values), ...(credentials ? { credentials } : {}) },
      unready: undefined,
    }
  }
  const hasAddress = originOf(values.base_url) !== '' && !errors.some(({ field }) => field === 'base_url')
  const { rest } = toRestConnection(values)
  return {
    connection: {
      protocol: 'rest',
      rest: {
        base_url: hasAddress ? values.base_url.trim() : NO_ADDRESS,
        headers: {},
        timeout_s: 60,
        max_concurrency: 16,
        retries: 2,
        max_answer_kib: 256,
        credential_origins: [],
        ...(hasAddress && errors.every(({ field }) => !field.startsWith('headers')) ? { headers: rest.headers } : {}),
      },
      auth_type: 'none',
      auth_header_prefix: 'Bearer',
      auth: {},
    },
    unready: hasAddress ? 'Finish the connection first' : 'Enter the base URL first',
  }
}
