import { z } from 'zod'
import { Slug } from '../../shared/contract/integrations.ts'
import { RestTool } from '../../shared/contract/rest.ts'
import { Setup, SetupField } from '../../shared/contract/setup.ts'
import { Templated } from './templated.ts'

/** How a field is called in `values`, in `credentials` and in the holes of templates. */
const FieldName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'Use lowercase letters, digits and underscores.')
const Line = z.string().trim().min(1).max(200)
const Prose = z.string().trim().max(2000)

/** Where a REST API gets a secret (`Credentials`). A field without one keeps a secret that only the adapter asks for. */
const CredentialPlace = z.enum([
  'api_token',
  'api_key',
  'username',
  'password',
  'tls_key',
  'client_id',
  'client_secret',
  'private_key',
])

/** A field of the setup as it stands in the file: everything that has a default may be left out. */
export const RegistryField = z.strictObject({
  name: FieldName,
  label: Line,
  kind: SetupField.shape.kind,
  help: Prose.default(''),
  placeholder: z.string().max(200).default(''),
  required: z.boolean().default(false),
  default: z.json().default(null),
  options: z
    .array(z.strictObject({ value: z.string().max(200), label: Line }))
    .max(100)
    .default([]),
  min: z.number().nullable().default(null),
  max: z.number().nullable().default(null),
  advanced: z.boolean().default(false),
  shown_when: z.strictObject({ field: FieldName, equals: z.json() }).nullable().default(null),
  /** Of a secret, or of a text such as a user name that is sent with one. */
  credential: CredentialPlace.optional(),
  /** What a text or a secret has to look like, and the sentence for one that does not. */
  pattern: z.strictObject({ matches: z.string().max(500), message: Line }).optional(),
})
export type RegistryField = z.output<typeof RegistryField>

/** How the service is reached; see `RestSettings`. Every value may be a template. */
const Connection = z
  .strictObject({
    base_url: Templated,
    headers: Templated,
    timeout_s: Templated,
    max_concurrency: Templated,
    retries: Templated,
    max_answer_kib: Templated,
    ca: Templated,
    client_certificate: Templated,
    proxy_url: Templated,
    /** Other origins that get the credentials as well. */
    credential_origins: z.array(Templated).max(20),
    /** Other origins that the adapter may send requests to, without the credentials. */
    origins: z.array(Templated).max(20),
  })
  .partial()

const oauth = z
  .strictObject({
    grant_type: Templated,
    issuer: Templated,
    authorization_url: Templated,
    token_url: Templated,
    revocation_url: Templated,
    client_id: Templated,
    client_metadata_url: Templated,
    token_endpoint_auth_method: Templated,
    scopes: Templated,
    audience: Templated,
    resource: Templated,
    redirect: Templated,
    redirect_port: Templated,
    allow_unadvertised_pkce: Templated,
  })
  .partial()

/** How it is signed in to; see `AuthType` and `AuthSettings`. */
const Authentication = z.strictObject({
  type: Templated.default('none'),
  prefix: Templated.default('Bearer'),
  header_name: Templated.optional(),
  in: Templated.optional(),
  /** See `OAuthSettings`. */
  oauth: oauth.optional(),
})

const Way = z.strictObject({
  id: FieldName,
  title: Line,
  summary: Prose.default(''),
  signs_in: z.boolean().default(false),
  steps: z
    .array(
      z.strictObject({
        text: Prose.min(1),
        url: z
          .url({ protocol: /^https?$/ })
          .max(8192)
          .nullable()
          .default(null),
        link_label: Line.nullable().default(null),
      }),
    )
    .max(20)
    .default([]),
  fields: z.array(RegistryField).max(50).default([]),
  connection: Connection.default({}),
  auth: Authentication.default({ type: 'none', prefix: 'Bearer' }),
  /** Of an entry without an adapter: what a `GET` answers with 2xx where all is well. Left out: any answer will do. */
  check_path: z.string().regex(/^\//, 'A path begins with /.').max(2048).optional(),
})
export type RegistryWay = z.output<typeof Way>

/** A request as a tool. */
const RegistryTool = RestTool.extend({
  /** Only there where this field was given, a secret of its own for example. */
  needs: FieldName.optional(),
  /** Only with these ways. Left out: with all. */
  ways: z.array(FieldName).min(1).optional(),
})
export type RegistryTool = z.output<typeof RegistryTool>

/** One integration that ships with Gatehouse: a YAML file in `resources/registry`, called as its `name`. */
export const SystemEntry = z.strictObject({
  name: Slug,
  display_name: z.string().min(1).max(80),
  description: z.string().min(1).max(2000),
  category: z.string().min(1).max(40),
  channel_kind: Setup.shape.channel_kind.default(null),
  /** Code that belongs to it, by the name under which the core knows it. */
  adapter: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional(),
  ways: z.array(Way).min(1).max(10),
  tools: z.array(RegistryTool).max(500).default([]),
})
export type SystemEntry = z.output<typeof SystemEntry>
