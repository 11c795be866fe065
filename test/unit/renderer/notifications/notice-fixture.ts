import type { Channel } from '../../../../src/shared/contract/channels.ts'
import type { Rule } from '../../../../src/shared/contract/rules.ts'

const time = '2026-11-24T14:00:00.000Z'

export function channel(id: string, name: string, changes: Partial<Channel> = {}): Channel {
  return {
    id,
    kind: 'webhook',
    name,
    enabled: true,
    min_severity: 'info',
    muted_until: null,
    webhook: { url: 'https://hooks.example.com/x', format: 'json', headers: {}, events: [] },
    credentials: {},
    destination: 'hooks.example.com',
    health: health('ok'),
    used_by: [],
    created_at: time,
    updated_at: time,
    ...changes,
  }
}

export function health(state: Channel['health']['state'], changes: Partial<Channel['health']> = {}): Channel['health'] {
  return {
    state,
    since: time,
    last_delivered_at: state === 'ok' ? time : null,
    last_error: null,
    consecutive_failures: 0,
    retry_at: null,
    waiting: 0,
    ...changes,
  }
}

export function rule(id: string, name: string, changes: Partial<Rule> = {}): Rule {
  return {
    id,
    name,
    enabled: true,
    preset: null,
    when: { types: ['incident'], min_severity: 'info', matchers: [] },
    channels: [],
    grouping: { by: [], wait_s: 0, repeat_s: 0 },
    quiet: null,
    muted_until: null,
    created_at: time,
    updated_at: time,
    ...changes,
  }
}

export const pageOf = <Item>(items: readonly Item[]) => Promise.resolve({ items: [...items], next_cursor: null })
