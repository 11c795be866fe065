import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { Integration } from './integrations.ts'
import { operation } from './operation.ts'

/**
 * One field of the setup of a system integration. `pem` and `text_area` have several lines; `duration` is seconds;
 * `severities` maps our five severities to one of `options` each; `pairs` is names with values; a `secret` is stored
 * sealed and never comes back.
 */
export const SetupField = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum([
    'text',
    'url',
    'secret',
    'pem',
    'text_area',
    'choice',
    'number',
    'duration',
    'switch',
    'severities',
    'pairs',
  ]),
  help: z.string(),
  placeholder: z.string(),
  required: z.boolean(),
  /** What holds where nothing is given. */
  default: z.json(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** For few: shown when somebody asks for more. */
  advanced: z.boolean(),
  /** Only where another field has this value. */
  shown_when: z.object({ field: z.string(), equals: z.json() }).nullable(),
})
export type SetupField = z.infer<typeof SetupField>

/** One way to connect. Where there is only one, nobody is asked. */
export const SetupWay = z.object({
  id: z.string(),
  title: z.string(),
  /** What it can do, and how long it lasts. */
  summary: z.string(),
  fields: z.array(SetupField),
  /** What has to be done elsewhere before, in order; a step may have an address to open. */
  steps: z.array(z.object({ text: z.string(), url: z.string().nullable(), link_label: z.string().nullable() })),
  /** After the settings are stored, a person signs in (`integrations.authorize`). */
  signs_in: z.boolean(),
})
export type SetupWay = z.infer<typeof SetupWay>

/** One fact that was checked. `warning`: it works, but something is missing; `fix` says what to do. */
export const SetupCheck = z.object({
  id: z.string(),
  label: z.string(),
  state: z.enum(['running', 'ok', 'warning', 'failed']),
  message: z.string(),
  fix: z.string().nullable(),
  /** The field at fault, `values.endpoint` or `credentials.api_token`. */
  field: z.string().nullable(),
})
export type SetupCheck = z.infer<typeof SetupCheck>

const Values = z.record(z.string().max(64), z.json())

export const Setup = z.object({
  name: z.string(),
  display_name: z.string(),
  ways: z.array(SetupWay),
  /** It is a place for notices as well. */
  channel_kind: z.enum(['slack', 'pagerduty', 'webhook']).nullable(),
  /** What is stored; null: it is not set up. `credentials`: which secrets there are, masked. */
  current: z
    .object({
      way: z.string(),
      values: Values,
      credentials: z.record(z.string(), z.string()),
      updated_at: z.iso.datetime(),
    })
    .nullable(),
})
export type Setup = z.infer<typeof Setup>

export const SetupInput = z.strictObject({
  name: z.string(),
  way: z.string().max(64),
  values: Values.default({}),
  /** Secrets by the field's name. Left out, those that are stored are kept; given, each replaces its own. */
  credentials: z.record(z.string().max(64), z.string().max(100_000)).default({}),
  /** Stores the settings though a check failed: for something that is not there yet. */
  save_anyway: z.boolean().default(false),
})
export type SetupInput = z.output<typeof SetupInput>

export const SetupResult = z.object({
  ok: z.boolean(),
  saved: z.boolean(),
  /** One sentence for a person. */
  message: z.string(),
  checks: z.array(SetupCheck),
  /** As it is now. */
  integration: Integration,
})
export type SetupResult = z.infer<typeof SetupResult>

const ByName = z.strictObject({ name: z.string() })

export const setup = {
  get: operation
    .route({ method: 'GET', path: '/integrations/{name}/setup', summary: 'How a system integration is set up' })
    .input(ByName)
    .output(Setup),
  apply: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/setup',
      summary: 'Check settings of a system integration and store them; server-sent events, a check at a time',
    })
    .input(SetupInput)
    .output(eventIterator(SetupCheck, SetupResult)),
  verify: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/verify',
      summary: 'Check the stored settings of a system integration; server-sent events',
    })
    .input(ByName)
    .output(eventIterator(SetupCheck, SetupResult)),
  forget: operation
    .route({
      method: 'DELETE',
      path: '/integrations/{name}/setup',
      successStatus: 204,
      summary: 'Forget the settings and secrets of a system integration; 409 `in_use` while channels send by it',
    })
    .input(ByName)
    .output(z.void()),
}
