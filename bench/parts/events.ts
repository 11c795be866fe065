import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { WebhookChannel } from '../../src/main/system/webhooks/webhook-channel.ts'
import type { ChannelAdapter } from '../../src/main/notifications/channel-adapter.ts'
import type { ChannelSettings } from '../../src/shared/contract/channels.ts'
import { startCore } from '../../test/integration/notifications/core.ts'
import type { Bench } from '../bench.ts'
import { compiledFile } from '../compile.ts'
import { median, throughput } from '../measure.ts'
import type { Ready } from '../targets/ready.ts'

const RULES = 20
const IN_FLIGHT = 64

/**
 * Events through twenty rules into the outbox, on the disk before they are answered; and what is in the outbox to a
 * receiver on this machine, next to bare POSTs of a notice's size to the same receiver, one after the other as well.
 */
export async function events({ table, rounds, scaled }: Bench): Promise<void> {
  const sink = fork(compiledFile('targets/sink-server.ts'))
  const [{ ready }] = (await once(sink, 'message')) as [Ready]
  const taken: number[] = []
  const sent: number[] = []
  const bare: number[] = []
  const pool = new Pool(new URL(ready.url).origin, { connections: 1 })
  try {
    for (let round = 0; round < rounds; round++) {
      bare.push(await throughput(scaled(2_000), 1, () => post(pool)))
      const figures = await oneRound(ready.url, scaled(2_000))
      taken.push(figures.taken)
      sent.push(figures.sent)
    }
  } finally {
    await pool.close()
    sink.disconnect()
    await once(sink, 'exit')
  }
  table.add('events: through 20 rules into the outbox', '/s', { gatehouse: median(taken) })
  table.add('events: notices to one receiver, in order', '/s', { 'direct-http': median(bare), gatehouse: median(sent) })
}

async function oneRound(url: string, count: number): Promise<{ taken: number; sent: number }> {
  const gate = { isOpen: false }
  const core = await startCore({ loaders: loaders(url, gate) })
  try {
    const channel = await core.channels.create('default', {
      kind: 'pagerduty',
      name: 'receiver',
      enabled: true,
      min_severity: 'info',
      muted_until: null,
      pagerduty: {},
    })
    for (let index = 0; index < RULES; index++) {
      const matchers = [{ label: 'team', op: '=~', value: `team-${index}(-.*)?` }]
      await core.rule([channel.id], { name: `team ${index}`, when: { types: ['incident'], matchers } })
    }
    let number = 0
    const taken = await throughput(count, IN_FLIGHT, async () => {
      await core.report({
        title: `alert ${++number}`,
        severity: 'high',
        labels: { team: 'team-7-core', host: `h${number}` },
      })
    })
    const started = performance.now()
    gate.isOpen = true
    await core.channels.resume('default', channel.id)
    for (;;) {
      const { counts } = await core.deliveries.list('default', {}, { limit: 1 })
      if (counts.waiting + counts.retrying === 0) break
      await sleep(50)
    }
    return { taken, sent: count / ((performance.now() - started) / 1000) }
  } finally {
    await core.close()
  }
}

/** The requests of a webhook by a channel of which each incident has a notice of its own, so that there are as many of them. */
function loaders(url: string, gate: { readonly isOpen: boolean }) {
  const webhook = new WebhookChannel({ isOwn: () => false })
  const settings: ChannelSettings = { kind: 'webhook', webhook: { url, format: 'json', headers: {}, events: [] } }
  const adapter: ChannelAdapter = {
    kind: 'pagerduty',
    paceMs: 0,
    timeoutMs: webhook.timeoutMs,
    destination: () => url,
    unready: () => (gate.isOpen ? undefined : { code: 'closed', message: 'Events are taken first.' }),
    send: (outgoing, signal) => webhook.send({ ...outgoing, settings }, signal),
    preview: (outgoing) => webhook.preview({ ...outgoing, settings }),
    close: () => Promise.resolve(),
  }
  const load = () => Promise.resolve(adapter)
  return { slack: load, pagerduty: load, webhook: load, email: load }
}

const notice = JSON.stringify({ type: 'incident.opened', data: { title: 'x'.repeat(1_500) } })

async function post(pool: Pool): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const { body } = await pool.request({ method: 'POST', path: '/', headers, body: notice })
  await body.dump()
}
