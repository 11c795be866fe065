/** The button at the end of a row that asks for its menu; the list hears of it by its `data-action`. */
export function RowMenuButton({ name, active }: { name: string; active: boolean }) {
  return (
    <button
      type="button"
      aria-label={`Menu of ${name}`}
      aria-haspopup="menu"
      tabIndex={active ? 0 : -1}
      data-action="menu"
      className="inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-line hover:text-ink"
    >
      <MenuDots />
    </button>
  )
}

/** "…" as one path: a list draws many of them. */
function MenuDots() {
  return (
    <svg
      viewBox="0 0 24 24"
      width={16}
      height={16}
      aria-hidden
      className="fill-none stroke-current stroke-3"
      strokeLinecap="round"
    >
      <path d="M5 12h.01M12 12h.01M19 12h.01" />
    </svg>
  )
}
