import type { EventInput, Severity } from '../../../shared/contract/incidents.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'

/** What the key of an integration's incident begins with. */
export const STATE_KEY = 'gatehouse:integration_state:'
export const SIGN_IN_KEY = 'gatehouse:sign_in:'

type State = Integration['connection']['state']
export type BadState = Extract<State, 'error' | 'quarantined' | 'needs_auth'>

/** How bad it is when an integration stays in that state. */
export const BAD_STATES: Readonly<Record<BadState, Severity>> = {
  quarantined: 'high',
  error: 'medium',
  needs_auth: 'medium',
}

const TITLES: Readonly<Record<BadState, (name: string) => string>> = {
  quarantined: (name) => `${name} was stopped since it ends again and again`,
  error: (name) => `${name} is not reachable`,
  needs_auth: (name) => `${name} needs somebody to sign in`,
}

function nameOf({ display_name, name }: Pick<Integration, 'display_name' | 'name'>): string {
  return display_name.trim() === '' ? name : display_name.trim().slice(0, 100)
}

/** An integration is, and stays, in a state in which agents can't use it. */
export function brokenEvent(integration: Integration, state: BadState): EventInput {
  return {
    ...about(integration.name),
    severity: BAD_STATES[state],
    status: 'open',
    title: TITLES[state](nameOf(integration)),
    description: integration.connection.error?.message.slice(0, 20_000) ?? '',
    labels: { integration: integration.name, state },
    dedupe_key: `${STATE_KEY}${integration.name}`,
  }
}

/** That is over. `because`: a sentence. */
export function mendedEvent(name: string, prefix: string, because: string): EventInput {
  return {
    ...about(name),
    severity: 'medium',
    status: 'resolved',
    title: `${name} is mended`,
    description: because,
    labels: { integration: name },
    dedupe_key: `${prefix}${name}`,
  }
}

/** It works still, but a person has to sign in again for all of it, or before long. */
export function signInEvent(name: string, reason: 'scope' | 'expires_soon', message: string): EventInput {
  return {
    ...about(name),
    severity: 'medium',
    status: 'open',
    title: reason === 'scope' ? `${name} asks for more access` : `The sign-in to ${name} ends soon`,
    description: message,
    labels: { integration: name, state: 'needs_auth' },
    dedupe_key: `${SIGN_IN_KEY}${name}`,
  }
}

/** Somebody should look at what a server says of its tools now. */
export function toolsEvent(name: string, tools: readonly string[], count: number, held: boolean): EventInput {
  const more = count > tools.length ? ` and ${count - tools.length} more` : ''
  const what = held ? 'Agents do not get them until somebody approves them.' : 'Agents get them as they are now.'
  return {
    ...about(name),
    type: 'tool_definition_changed',
    severity: held ? 'medium' : 'low',
    status: 'open',
    title: `${name} describes ${count} ${count === 1 ? 'tool' : 'tools'} otherwise than approved`,
    description: `${tools.join(', ')}${more}. ${what}`.slice(0, 20_000),
    labels: { integration: name, held: String(held) },
    dedupe_key: `gatehouse:tool_definition_changed:${name}`,
  }
}

function about(name: string) {
  return { type: 'integration_state' as EventInput['type'], source: 'gatehouse', service: name, links: [] }
}
