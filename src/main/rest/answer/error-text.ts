import { isIdempotent } from '../../../shared/http-methods.ts'

// Not imported: that would load all that the module exports, 12 MiB (docs/performance.md).
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** `404 Not Found`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/** What an agent, or the person behind it, can do about a status. */
export function remedy(status: number, method: string, retryAfterMs: number | undefined): string {
  const pause = retryAfterMs === undefined ? '' : ` after ${Math.ceil(retryAfterMs / 1_000)} s (Retry-After)`
  switch (status) {
    case 400:
    case 422:
      return 'Correct the arguments and call again.'
    case 401:
      return 'The API does not accept the credentials of this integration. Other arguments do not help: an administrator has to correct them in Gatehouse.'
    case 402:
      return 'The API wants to be paid for this. An administrator has to see to it.'
    case 403:
      return 'The credentials of this integration do not allow this. Other arguments may be allowed; otherwise an administrator has to give it more rights.'
    case 404:
      return 'There is nothing at this address. Check the ids and names in the arguments.'
    case 405:
    case 501:
      return 'The API has no such operation here. The tool does not fit the API: an administrator has to correct it.'
    case 409:
    case 412:
      return 'It conflicts with the present state. Read that first, then decide.'
    case 410:
      return 'It is gone for good.'
    case 413:
      return 'The arguments are larger than the API takes. Send less.'
    case 415:
      return 'The API does not take this kind of body. An administrator has to correct the content type of the tool.'
    case 407:
      return 'The proxy of this integration wants credentials. An administrator has to correct its address.'
    case 429:
      return `Too many requests. Try again${pause === '' ? ' later' : pause}.`
    default:
      if (status < 500) return 'Correct the arguments and call again.'
      return isIdempotent(method)
        ? `The API failed. Try again${pause === '' ? ' later' : pause}.`
        : `The API failed, and whether it carried this out is not known. Look before you try again${pause}.`
  }
}
