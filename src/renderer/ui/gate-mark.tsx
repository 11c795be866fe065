/** The gate of the icon, in the colours of the theme. */
export function GateMark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden className="flex-none">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <g fill="none" strokeLinecap="round" className="stroke-accent-fg">
        <path d="M7.5 25V14.5a8.5 8.5 0 0 1 17 0V25" strokeWidth="2.5" />
        <path d="M13 25V9.9M19 25V9.9M9 17.5h14" strokeWidth="2" opacity="0.75" />
      </g>
    </svg>
  )
}
