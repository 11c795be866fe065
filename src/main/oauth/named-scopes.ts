import { Scope } from '../../shared/contract/oauth.ts'

const MAX_SCOPES = 200

/**
 * Threat: whatever a server calls a scope is stored, shown to people and sent on. Gives what are scopes among it, and no
 * more than settings may have.
 */
export function namedScopes(words: readonly string[]): string[] {
  return words.filter((word) => Scope.safeParse(word).success).slice(0, MAX_SCOPES)
}
