import { newToken } from '../base/token.ts'

export function newAgentToken(): string {
  return newToken('ghk_')
}
