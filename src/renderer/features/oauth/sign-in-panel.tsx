import { useNavigate } from '@tanstack/react-router'
import { CircleCheck, CircleMinus, KeyRound, LoaderCircle, Stethoscope } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { OAuthStatus } from '../../../shared/contract/oauth.ts'
import { usePlanLock, useSignIns, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { IssuerChoice } from './issuer-choice.tsx'
import { RedirectUri } from './redirect-uri.tsx'
import { isOfClient, scopeWords, signInWords } from './sign-in-words.ts'
import { useSignIn } from './use-sign-in.ts'

const DiagnoseDialog = lazy(() =>
  import('./diagnose-dialog.tsx').then((module) => ({ default: module.DiagnoseDialog })),
)

const icons = { ok: CircleCheck, info: LoaderCircle, warn: KeyRound, muted: CircleMinus }
const inks = { ok: 'text-ok', info: 'text-info', warn: 'text-warn', muted: 'text-muted' }

/** How an integration is signed in, with what can be done about it now. Nothing for other kinds of authentication. */
export function SignInPanel({ integration, inForm }: { integration: Integration; inForm?: boolean }) {
  return integration.oauth && <Panel integration={integration} oauth={integration.oauth} inForm={inForm ?? false} />
}

function Panel({ integration, oauth, inForm }: { integration: Integration; oauth: OAuthStatus; inForm: boolean }) {
  const { name } = integration
  const begun = useSignIns((state) => state.byName[name])
  const now = useNow(10_000)
  const section = useRef<HTMLElement>(null)
  const [diagnosing, setDiagnosing] = useState(false)
  const starting = begun?.state === 'starting'
  const words = signInWords({ oauth, auth: integration.auth }, { now, starting })
  const failure = begun?.state === 'failed' && !oauth.waiting ? begun.problem : undefined
  const Icon = icons[words.tone]
  const problem = failure?.code ?? oauth.problem?.code
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label="Sign-in"
      className={classes(
        'rounded-panel px-4 py-3 outline-none focus-visible:outline-2',
        words.tone === 'warn' ? 'bg-warn-soft' : 'border border-line',
      )}
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-70 gap-3" role="status">
          <Icon
            size={16}
            strokeWidth={1.75}
            aria-hidden
            className={classes('mt-0.5 flex-none', inks[words.tone], words.tone === 'info' && 'spin')}
          />
          <div className="min-w-0">
            <p className="font-medium">{words.title}</p>
            {words.detail !== undefined && failure === undefined && (
              <p className="max-w-160 wrap-anywhere text-muted">
                <ForeignText>{words.detail}</ForeignText>
              </p>
            )}
            <Granted oauth={oauth} />
          </div>
        </div>
        <div className="flex flex-none flex-wrap gap-2">
          <Actions
            integration={integration}
            oauth={oauth}
            starting={starting}
            keepFocus={() => section.current?.focus()}
          />
          <Button size="small" look="quiet" icon={Stethoscope} onClick={() => setDiagnosing(true)}>
            Diagnose
          </Button>
        </div>
      </div>
      <div aria-live="assertive">
        {failure && (
          <div className="mt-2 flex items-start gap-3 pl-7">
            <FieldError>
              <ForeignText>{failure.message}</ForeignText>
            </FieldError>
            <ProblemAction problem={failure} />
          </div>
        )}
      </div>
      {begun?.state === 'link' && oauth.waiting && <PageLink url={begun.url} />}
      {!oauth.waiting && isOfClient(problem) && (
        <RegisterByHand integration={integration} oauth={oauth} inForm={inForm} />
      )}
      <IssuerChoice integration={integration} oauth={oauth} />
      {diagnosing && (
        <Suspense>
          <DiagnoseDialog integration={integration} onClose={() => setDiagnosing(false)} />
        </Suspense>
      )}
    </section>
  )
}

function Actions({
  integration,
  oauth,
  starting,
  keepFocus,
}: {
  integration: Integration
  oauth: OAuthStatus
  starting: boolean
  /** The button that was pressed is gone in a moment. */
  keepFocus: () => void
}) {
  const { name, source, auth } = integration
  const { begin, cancel, signOut } = useSignIn()
  const planLock = usePlanLock()
  const writable = useWritable()
  const blocked = writable ? (source === 'custom' ? planLock : undefined) : 'Reconnecting'
  const press = (act: (name: string) => Promise<void>) => () => {
    keepFocus()
    void act(name)
  }
  if (oauth.waiting) {
    return (
      <>
        <Button size="small" busy={starting} blocked={blocked} onClick={press(begin)}>
          Open again
        </Button>
        <Button size="small" blocked={blocked} onClick={press(cancel)}>
          Cancel
        </Button>
      </>
    )
  }
  const isPerson = auth.oauth?.grant_type !== 'client_credentials'
  const held = oauth.state === 'signed_in'
  const first = isPerson ? 'Authorise' : 'Get a token'
  const again = isPerson ? 'Sign in again' : 'Get another token'
  return (
    <>
      <Button
        size="small"
        look={held && oauth.missing_scopes.length === 0 ? 'secondary' : 'primary'}
        busy={starting}
        blocked={blocked}
        onClick={press(begin)}
      >
        {oauth.state === 'signed_out' ? first : again}
      </Button>
      {(held || oauth.state === 'ended') && (
        <Button size="small" blocked={blocked} onClick={press(signOut)}>
          {isPerson ? 'Sign out' : 'Forget it'}
        </Button>
      )}
    </>
  )
}

/** Where and for what, of a sign-in that holds. */
function Granted({ oauth }: { oauth: OAuthStatus }) {
  if (oauth.state !== 'signed_in' || oauth.issuer === null) return null
  const host = URL.parse(oauth.issuer)?.host ?? oauth.issuer
  return (
    <p className="text-meta wrap-anywhere text-muted">
      At <ForeignText className="font-mono">{host}</ForeignText>
      {oauth.scopes.length > 0 && (
        <>
          , for <ForeignText className="font-mono">{scopeWords(oauth.scopes)}</ForeignText>
        </>
      )}
    </p>
  )
}

/** The browser did not let the page be opened: a link of its own always may. */
function PageLink({ url }: { url: string }): ReactNode {
  return (
    <p className="mt-2 pl-7">
      Your browser did not let Gatehouse open the page.{' '}
      <a href={url} target="_blank" rel="noopener noreferrer" className="text-accent underline underline-offset-2">
        Open the sign-in page
      </a>
    </p>
  )
}

/** A client has to be registered by hand: what its registration asks for, and the way to where it is entered. */
function RegisterByHand({
  integration,
  oauth,
  inForm,
}: {
  integration: Integration
  oauth: OAuthStatus
  inForm: boolean
}) {
  const navigate = useNavigate()
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 pl-7">
      <RedirectUri uri={oauth.redirect_uri} />
      {!inForm && (
        <Button
          size="small"
          onClick={() => void navigate({ to: '/integrations/$slug/connection', params: { slug: integration.name } })}
        >
          Enter the client
        </Button>
      )}
    </div>
  )
}
