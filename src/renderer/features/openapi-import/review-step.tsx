import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import type { ImportWarning } from '../../../shared/contract/openapi.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { countWords } from '../../ui/words.ts'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { toRestCredentials } from '../rest/rest-values.ts'
import { authWords } from './auth-choice.tsx'
import { operationWords, totalsOf } from './chosen-tools.ts'
import { WarningList } from './document-warnings.tsx'
import { chosenTools, type ImportState } from './import-state.ts'
import type { ImportValues } from './import-values.ts'

/** A list of tools that long costs every session of an agent more than most tasks are worth. */
const MANY_TOKENS = 20_000

/** All that is about to be stored, at a glance. */
export function ReviewStep({ state, children }: { state: ImportState; children: ReactNode }) {
  const tools = chosenTools(state)
  const totals = totalsOf(tools, state.edits)
  const own = tools.flatMap((tool) =>
    tool.warnings.map((message): ImportWarning => ({ message, pointer: '', operation: operationWords(tool) })),
  )
  const general = state.preview.warnings.filter(({ operation }) => operation === null)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Review">
      <div className="flex max-w-200 flex-col gap-5">
        {children}
        {totals.tokens > MANY_TOKENS && (
          <p className="flex gap-2 rounded-panel bg-warn-soft px-3 py-2">
            <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-warn" />
            <span>
              These tools take about {countWords(totals.tokens, 'token')} of an agent's context, in every session.
              Select fewer, or give agents a profile or discovery mode.
            </span>
          </p>
        )}
        <dl className="grid grid-cols-[150px_minmax(0,1fr)] border-t border-line [&>*]:border-b [&>*]:border-line [&>*]:py-2.5">
          <Fact name="Tools">
            {totals.count.toLocaleString('en')}: {totals.reading.toLocaleString('en')} that read,{' '}
            {totals.writing.toLocaleString('en')} that write; about {countWords(totals.tokens, 'token')}
          </Fact>
          <Fact name="Document">
            <ForeignText>{`${state.preview.title} ${state.preview.version}`.trim()}</ForeignText>,{' '}
            {state.preview.format}
          </Fact>
          <ConnectionFacts />
          <Fact name="Warnings">
            {own.length + general.length === 0 ? 'None' : countWords(own.length + general.length, 'warning')}
          </Fact>
        </dl>
        {own.length + general.length > 0 && (
          <section aria-label="Warnings">
            <h2 className="text-section font-semibold">Warnings</h2>
            <WarningList label="Warnings by operation" warnings={[...general, ...own]} />
          </section>
        )}
      </div>
    </div>
  )
}

/** What it is called; proposed by the document. */
export function NameFields() {
  const { register, formState } = useFormContext<ImportValues>()
  const { errors } = formState
  return (
    <div className="flex max-w-140 flex-col gap-4">
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label="Name"
          mono
          hint="Prefix of its tools. It cannot be changed later."
          error={errors.name?.message}
          {...register('name')}
        />
        <TextField label="Display name" error={errors.display_name?.message} {...register('display_name')} />
      </div>
      <TextAreaField
        label="Description"
        grows
        rows={2}
        error={errors.description?.message}
        {...register('description')}
      />
    </div>
  )
}

function ConnectionFacts() {
  const { control } = useFormContext<ImportValues>()
  const values = useWatch({ control }) as ImportValues
  const headers = values.headers.filter(({ name }) => name.trim() !== '')
  return (
    <>
      <Fact name="Base URL">
        <code className="font-mono text-code break-all">{values.base_url}</code>
      </Fact>
      <Fact name="Authentication">
        <span className="inline-block first-letter:uppercase">
          {authWords({
            auth_type: values.auth_type,
            auth: { ...(values.header_name ? { header_name: values.header_name } : {}), in: values.key_place },
          })}
        </span>
        {isSignIn(values) ? (
          <span className="text-muted">, you sign in once it is created</span>
        ) : (
          values.auth_type !== 'none' && (
            <span className={hasSecret(values) ? 'text-muted' : 'text-warn'}>
              {hasSecret(values) ? ', entered' : ', nothing entered yet: calls go out without it'}
            </span>
          )
        )}
      </Fact>
      {headers.length > 0 && (
        <Fact name="Headers">
          <span className="font-mono text-code wrap-anywhere">{headers.map(({ name }) => name).join(', ')}</span>
        </Fact>
      )}
      {values.credential_origins.trim() !== '' && (
        <Fact name="Credentials also to">
          <span className="font-mono text-code whitespace-pre-wrap break-all">{values.credential_origins.trim()}</span>
        </Fact>
      )}
    </>
  )
}

function hasSecret(values: ImportValues): boolean {
  const credentials = toRestCredentials(values) ?? {}
  return ['api_token', 'api_key', 'username', 'password', 'client_secret', 'private_key'].some(
    (name) => name in credentials,
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}
