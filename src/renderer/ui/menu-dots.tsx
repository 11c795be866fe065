/** "…" of a row's menu as one path: a list draws many of them. */
export function MenuDots() {
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
