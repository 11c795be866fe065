import { createORPCClient, ORPCError, type ClientLink } from '@orpc/client'
import { getContractRouter, isContractProcedure, type ContractRouterClient } from '@orpc/contract'
import { contract } from '../../src/shared/contract/contract.ts'

interface HttpClientOptions {
  apiUrl: string
  token: string
  workspace?: string
}

/**
 * The contract's client over plain HTTP, written from the routes as another program would do it: path parameters, query or
 * JSON body, `{"error": …}`. It reads whole answers, so streams are for those who use fetch.
 */
export function createHttpClient({
  apiUrl,
  token,
  workspace,
}: HttpClientOptions): ContractRouterClient<typeof contract> {
  const link: ClientLink<Record<string, never>> = {
    async call(path, input, { signal }) {
      const procedure = getContractRouter(contract, path)
      if (!isContractProcedure(procedure)) throw new Error(`${path.join('.')} is no operation`)
      const { method = 'POST', path: route = '/', successStatus = 200 } = procedure['~orpc'].route
      const fields = Object.entries((input ?? {}) as Record<string, unknown>)
      const rest = Object.fromEntries(fields.filter(([name]) => !route.includes(`{${name}}`)))
      const address = fields.reduce<string>(
        (at, [name, value]) => at.replace(`{${name}}`, encodeURIComponent(String(value))),
        route,
      )
      const query = method === 'GET' ? `?${new URLSearchParams(rest as Record<string, string>).toString()}` : ''
      const hasBody = method !== 'GET' && Object.keys(rest).length > 0
      const response = await fetch(apiUrl + address + query, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(workspace === undefined ? {} : { 'gatehouse-workspace': workspace }),
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
        },
        ...(hasBody ? { body: JSON.stringify(rest) } : {}),
        ...(signal ? { signal } : {}),
      })
      const text = await response.text()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      if (response.ok) {
        if (response.status !== successStatus) throw new Error(`expected ${successStatus}, got ${response.status}`)
        return body
      }
      const { code, message, details } = (body as { error: { code: string; message: string; details: unknown } }).error
      throw new ORPCError(code, { defined: true, status: response.status, message, data: { details } })
    },
  }
  return createORPCClient(link)
}
