/** A model reads all of it; whoever writes more has mistaken what it is for. */
const MAX_BYTES = 65_536

/** The `instructions` of an opening as they are kept: at most 64 KiB of them. Null: none. */
export function readInstructions(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  const bytes = Buffer.from(value)
  if (bytes.length <= MAX_BYTES) return value
  // A character that was cut in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, MAX_BYTES), { stream: true })
}
