import type { SetupCheck } from '../../../shared/contract/setup.ts'
import type { IsOwnAddress } from '../../notifications/wire/addresses.ts'
import type { AdapterTool, SystemAccess, SystemAdapter } from '../system-adapter.ts'
import type { WebhookEndpoints } from './webhook-endpoints.ts'
import { webhookTools } from './webhook-tools.ts'

/** An agent waits for it. */
const CALL_MS = 15_000

interface WebhooksAdapterOptions {
  endpoints: WebhookEndpoints
  isOwn: IsOwnAddress
  now?: () => number
}

/** Webhooks have no service behind them: what there is to set up are channels. */
export class WebhooksAdapter implements SystemAdapter {
  readonly tools: readonly AdapterTool[]
  readonly #endpoints: WebhookEndpoints

  constructor({ endpoints, isOwn, now = Date.now }: WebhooksAdapterOptions) {
    this.#endpoints = endpoints
    this.tools = webhookTools(endpoints, { isOwn, now, timeoutMs: CALL_MS })
  }

  async *verify({ workspace }: SystemAccess): AsyncGenerator<SetupCheck> {
    const told = { id: 'channels', label: 'Webhooks', fix: null, field: null }
    yield { ...told, state: 'running', message: '' }
    const all = this.#endpoints(workspace)
    const active = all.filter(({ enabled }) => enabled).length
    await Promise.resolve()
    if (all.length > 0) {
      const off = all.length - active
      const message = `${active} ${active === 1 ? 'webhook gets' : 'webhooks get'} notices${off > 0 ? `, ${off} turned off` : ''}.`
      yield {
        ...told,
        state: active > 0 ? 'ok' : 'warning',
        message,
        fix: active > 0 ? null : 'Turn one on under Notifications.',
      }
      return
    }
    const fix = 'Add one: its address, its format and the events that it gets.'
    yield { ...told, state: 'warning', message: 'There is no webhook yet, so nothing is sent.', fix }
  }
}
