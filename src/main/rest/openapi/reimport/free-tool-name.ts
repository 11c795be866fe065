const MAX_LENGTH = 64

/** The name itself, or the first of `name_2`, `name_3` … that is not taken; never longer than a tool's name may be. */
export function freeToolName(name: string, taken: { has(name: string): boolean }): string {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `_${number}`
    const candidate = name.slice(0, MAX_LENGTH - ending.length) + ending
    if (!taken.has(candidate)) return candidate
  }
}
