import type { ErrorComponentProps } from '@tanstack/react-router'
import { problemOf } from '../../stores/problem.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** A screen that could not be loaded or drawn. The rest of the console goes on. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHeader title="This screen failed" />
      <ErrorState title="It could not be shown" problem={problemOf(error)} onRetry={reset} />
    </>
  )
}
