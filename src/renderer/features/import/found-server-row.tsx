import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react'
import type { FoundServer, ImportOutcome } from '../../../shared/contract/clients.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords } from '../../ui/words.ts'

/** One server of a client's configuration: what it is, what it would become, and what became of it. */
export function FoundServerRow({
  server,
  outcome,
  chosen,
  disabled,
  busy,
  onChoose,
}: {
  server: FoundServer
  outcome: ImportOutcome | undefined
  chosen: boolean
  disabled: boolean
  busy: boolean
  onChoose: (chosen: boolean) => void
}) {
  const facts = [
    ...(server.transport === null ? [] : [server.transport]),
    ...(server.secret_count > 0 ? [`${countWords(server.secret_count, 'secret')} to the vault`] : []),
    ...(server.known ? ['already an integration'] : []),
    ...(server.name !== server.server && server.problem === null ? [`becomes ${server.name}`] : []),
  ]
  const fault = outcome ? outcome.problem : server.problem
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-3 border-b border-line px-6 py-2">
      <input
        type="checkbox"
        aria-label={`Import ${server.server}`}
        className="mt-0.5 size-4"
        checked={chosen}
        disabled={disabled}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-strong font-medium">
            <ForeignText>{server.server}</ForeignText>
          </span>
          <span className="text-muted">{facts.join(' · ')}</span>
        </p>
        <p className="truncate font-mono text-code text-muted" title={server.target}>
          {server.target}
        </p>
        <div aria-live="polite">
          {fault !== null && (
            <p className="flex gap-1.5 text-err">
              <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
              <span className="min-w-0 break-words">{fault}</span>
            </p>
          )}
        </div>
      </div>
      {busy ? (
        <span className="flex items-center gap-1.5 text-info">
          <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin" /> Importing
        </span>
      ) : (
        // Null where it failed.
        typeof outcome?.name === 'string' && (
          <span className="flex items-center gap-1.5 text-ok">
            <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> Imported as
            <Link
              to="/integrations/$slug/overview"
              params={{ slug: outcome.name }}
              className="font-mono text-code underline underline-offset-2"
            >
              {outcome.name}
            </Link>
          </span>
        )
      )}
    </li>
  )
}
