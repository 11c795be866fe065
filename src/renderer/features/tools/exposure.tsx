import { classes } from '../../ui/classes.ts'

const EYE = 'M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6'
const STRUCK_EYE = `${EYE}M4 4l16 16`

/** The cell that tells whether agents see a tool, and why; narrow lists have room for the first only. */
export function ExposureCell({ exposed, why }: { exposed: boolean; why: string }) {
  return (
    <span
      role="gridcell"
      title={why}
      className={classes('flex min-w-0 items-center gap-1.5 text-meta', exposed ? 'text-ok' : 'text-muted')}
    >
      {/* One path: a list draws many of them. */}
      <svg
        viewBox="0 0 24 24"
        width={14}
        height={14}
        aria-hidden
        className="flex-none fill-none stroke-current stroke-[1.75]"
        strokeLinecap="round"
      >
        <path d={exposed ? EYE : STRUCK_EYE} />
      </svg>
      <span className="truncate">
        {exposed ? 'Exposed' : 'Hidden'}
        <span className="hidden @min-[640px]:inline"> - {why}</span>
      </span>
    </span>
  )
}
