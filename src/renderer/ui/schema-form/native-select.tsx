import { ChevronDown } from 'lucide-react'
import type { ComponentPropsWithRef } from 'react'
import { classes } from '../classes.ts'

/** A native list in the look of the other fields: it opens at once, however many choices and fields there are. */
export function NativeSelect({ invalid, ...rest }: ComponentPropsWithRef<'select'> & { invalid: boolean }) {
  return (
    <div className="relative">
      <select
        {...rest}
        className={classes(
          'h-8 w-full appearance-none rounded-control border bg-surface pr-8 pl-2.5 text-ellipsis focus-visible:-outline-offset-1',
          invalid ? 'border-err' : 'border-line-strong',
        )}
      />
      <ChevronDown
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className="pointer-events-none absolute top-2 right-2.5 text-muted"
      />
    </div>
  )
}
