import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Matrix } from './matrix.tsx'
import { OwnRules } from './own-rules.tsx'
import { useNotices } from './use-notices.ts'

/** Who is told of what: the presets by one click each, and below them the rules of one's own. */
export function RulesTab() {
  const navigate = useNavigate()
  const writable = useWritable()
  const section = useRef<HTMLElement>(null)
  const { channels, rules, problem, reload } = useNotices()
  if (!channels || !rules) {
    return problem ? (
      <ErrorState title="The rules could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  const own = rules.filter(({ preset }) => preset === null)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4" tabIndex={0} aria-label="Rules">
      <Matrix channels={channels} rules={rules} />
      <section ref={section} aria-label="Own rules" className="mt-8">
        <div className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-2">
          <h2 className="text-section font-semibold">Own rules</h2>
          <Button
            icon={Plus}
            blocked={writable ? undefined : 'Reconnecting'}
            onClick={() => void navigate({ to: '/notifications/rules/$id', params: { id: 'new' } })}
          >
            Add rule
          </Button>
        </div>
        {own.length === 0 ? (
          <p className="text-muted">
            None yet. A rule of your own can look at labels, wait for others of a group, tell again, and keep quiet at
            night.
          </p>
        ) : (
          <OwnRules rules={own} channels={channels} section={section} />
        )}
      </section>
    </div>
  )
}
