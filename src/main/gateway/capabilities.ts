import { isObject } from '../base/is-object.ts'
import { declares, offersSubscriptions } from '../upstream/capabilities.ts'
import type { Era } from '../upstream/upstream.ts'
import type { Endpoint } from './endpoints.ts'
import { WATCHED_LISTS, type WatchedList } from './known-lists.ts'
import { TASKS_EXTENSION } from './protocol.ts'

type Capabilities = Record<string, unknown>

/** Every list can change, since an admin can change it. */
const CHANGES = { listChanged: true }

/**
 * The `ServerCapabilities` of an endpoint, for an agent of this era. On `/mcp/<slug>` those of its server but for what can't
 * be carried between the eras; on `/mcp` everything that one of the servers can do.
 */
export function capabilitiesOf({ slug, offering }: Endpoint, era: Era): Capabilities {
  const declared = offering.integrations.map(({ upstream }) => upstream.offer.capabilities)
  if (slug !== undefined) return ownCapabilities(declared[0] ?? {}, era)
  const some = (name: string) => declared.some((capabilities) => isObject(capabilities[name]))
  const subscribe = declared.some(offersSubscriptions)
  const tasks = declared.map((capabilities) => tasksOf(capabilities, era)).filter(isObject)
  return {
    tools: CHANGES,
    ...(some('prompts') && { prompts: CHANGES }),
    ...(some('resources') && { resources: { ...CHANGES, ...(subscribe && { subscribe }) } }),
    ...(some('completions') && { completions: {} }),
    ...(some('logging') && { logging: {} }),
    ...(tasks.length > 0 && (era === 'legacy' ? { tasks: union(tasks) } : { extensions: { [TASKS_EXTENSION]: {} } })),
  }
}

/** Whether the endpoint has a list at all. A server that was never reached may have anything. */
export function doesOffer({ slug, offering }: Endpoint, kind: WatchedList): boolean {
  if (slug === undefined || kind === 'tools') return true
  const declared = offering.integrations[0]?.upstream.offer.capabilities ?? {}
  return declares(declared, kind) || Object.keys(declared).length === 0
}

/** Whether a server at the endpoint knows the tasks of this era. */
export function canHaveTasks({ offering }: Endpoint, era: Era): boolean {
  return offering.integrations.some(({ upstream }) => isObject(tasksOf(upstream.offer.capabilities, era)))
}

/** The lists that an agent of this era was told it can hear changes of. */
export function watchedLists(capabilities: Capabilities): WatchedList[] {
  return WATCHED_LISTS.filter((kind) => capabilities[kind] !== undefined)
}

function ownCapabilities(declared: Readonly<Capabilities>, era: Era): Capabilities {
  const { tasks, extensions, ...rest } = declared
  const known: Capabilities = { ...rest }
  for (const kind of WATCHED_LISTS) {
    const own = declared[kind]
    if (isObject(own)) known[kind] = { ...own, ...CHANGES }
  }
  if (Object.keys(declared).length === 0) known.tools = CHANGES
  if (tasks !== undefined && era === 'legacy') known.tasks = tasks
  if (isObject(extensions)) {
    const { [TASKS_EXTENSION]: _legacyHasAnother, ...others } = extensions
    const kept = era === 'modern' ? extensions : others
    if (Object.keys(kept).length > 0) known.extensions = kept
  }
  return known
}

function tasksOf({ tasks, extensions }: Readonly<Capabilities>, era: Era): unknown {
  if (era === 'legacy') return tasks
  return isObject(extensions) ? extensions[TASKS_EXTENSION] : undefined
}

/** Objects with every member that one of them has, all the way down. */
function union(objects: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged = new Map<string, unknown>()
  for (const [key, value] of objects.flatMap((object) => Object.entries(object))) {
    const former = merged.get(key)
    merged.set(key, isObject(former) && isObject(value) ? union([former, value]) : (former ?? value))
  }
  return Object.fromEntries(merged)
}
