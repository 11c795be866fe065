import { isContractProcedure } from '@orpc/contract'
import { contract } from '../../shared/contract/contract.ts'

interface Route {
  method: string
  /** Matches the paths of the operation, below the API's root. */
  pattern: RegExp
}

const routes = routesOf(contract)

/** The methods that an address of the HTTP API takes; none where there is no such address. */
export function allowedMethods(path: string): string[] {
  return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
}

function routesOf(router: object): Route[] {
  return Object.values(router).flatMap((value: unknown): Route[] => {
    if (!isContractProcedure(value)) return routesOf(value as object)
    const { method = 'POST', path = '/' } = value['~orpc'].route
    return [{ method, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }]
  })
}
