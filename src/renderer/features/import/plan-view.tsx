import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CirclePlus, type LucideIcon, PencilLine } from 'lucide-react'
import type { ApplyPlan, PlanItem } from '../../../shared/contract/transfer.ts'
import { classes } from '../../ui/classes.ts'

const kindWords: Record<PlanItem['kind'], string> = {
  integration: 'Integration',
  profile: 'Profile',
  agent: 'Agent',
  settings: 'Settings',
}

const actionLooks: Record<PlanItem['action'], { word: string; done: string; icon: LucideIcon; ink: string }> = {
  create: { word: 'Add', done: 'Added', icon: CirclePlus, ink: 'text-ok' },
  update: { word: 'Change', done: 'Changed', icon: PencilLine, ink: 'text-info' },
  unchanged: { word: 'No change', done: 'No change', icon: CircleCheck, ink: 'text-muted' },
  invalid: { word: 'Invalid', done: 'Invalid', icon: CircleAlert, ink: 'text-err' },
}

/** Each thing of a document with what is done to it and which secrets it still needs. */
export function PlanView({ plan, title, done }: { plan: ApplyPlan; title: string; done?: boolean }) {
  return (
    <section className="mt-6 max-w-200" aria-label={title}>
      <h2 className="mb-1 text-section font-semibold" role="status">
        {title}
      </h2>
      {plan.items.length === 0 && <p className="text-muted">There is nothing in this document.</p>}
      <ul className="border-t border-line">
        {plan.items.map((item) => (
          <PlanRow key={`${item.kind} ${item.name}`} item={item} done={done ?? false} />
        ))}
      </ul>
    </section>
  )
}

function PlanRow({ item, done }: { item: PlanItem; done: boolean }) {
  const { kind, name, action, fields, missing_secrets: missing, problem } = item
  const { word, done: past, icon: Icon, ink } = actionLooks[action]
  return (
    <li className="grid grid-cols-[110px_90px_minmax(0,1fr)] gap-x-3 border-b border-line py-2">
      <span className={classes('flex items-start gap-1.5', ink)}>
        <Icon size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
        {done ? past : word}
      </span>
      <span className="text-muted">{kindWords[kind]}</span>
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">{name}</p>
        {action === 'update' && fields.length > 0 && (
          <p className="font-mono text-code text-muted wrap-anywhere">{fields.join(', ')}</p>
        )}
        {problem !== null && <p className="break-words text-err">{problem}</p>}
        {missing.length > 0 && (
          <p className="text-warn">
            {done && kind === 'integration' ? 'Still needs ' : 'Will need '}
            <span className="font-mono text-code">{missing.join(', ')}</span>
            {done && kind === 'integration' && (
              <>
                {' '}
                <Link
                  to="/integrations/$slug/connection"
                  params={{ slug: name }}
                  className="text-accent underline underline-offset-2"
                >
                  Give {missing.length === 1 ? 'it' : 'them'}
                </Link>
              </>
            )}
          </p>
        )}
      </div>
    </li>
  )
}
