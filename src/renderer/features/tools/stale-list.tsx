import { CircleAlert } from 'lucide-react'
import type { Problem } from '../../stores/problem.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'

/** Above a list that could not be loaded again. */
export function StaleList({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <Banner
      tone="warn"
      icon={CircleAlert}
      title="This list may be out of date"
      action={
        <Button size="small" onClick={onRetry}>
          Retry
        </Button>
      }
    >
      {problem.message}
    </Banner>
  )
}
