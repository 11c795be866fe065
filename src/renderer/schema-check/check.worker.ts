import { checkText } from './check.ts'
import type { CheckMessage, CheckRequest } from './messages.ts'

/** The part of a worker's global that is used here; the page's own types have no place for it. */
const scope = self as unknown as {
  postMessage(message: CheckMessage): void
  onmessage: ((event: MessageEvent<CheckRequest>) => void) | null
}

scope.onmessage = ({ data: { id, schema, text } }) => {
  scope.postMessage({ id, started: true })
  scope.postMessage({ id, started: false, check: checkText(schema, text) })
}
