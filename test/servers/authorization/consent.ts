import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Switches } from './switches.ts'

/** Signs in and agrees to everything at once, or to nothing: the person and the page, without either. */
export async function answerInteraction(
  provider: Provider,
  switches: Switches,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (switches.consent === 'denied') {
    const denied = { error: 'access_denied', error_description: 'The person said no' }
    await provider.interactionFinished(request, response, denied)
    return
  }
  const accountId = session?.accountId ?? 'ada'
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId } })
    return
  }

  const grant = new provider.Grant({ accountId, clientId: params.client_id as string })
  const asked = typeof params.scope === 'string' ? params.scope.split(' ') : []
  const granted = asked.filter((scope) => switches.grantedScopes?.includes(scope) ?? true).join(' ')
  const refused = asked.filter((scope) => !granted.split(' ').includes(scope)).join(' ')
  const resources = [params.resource ?? []].flat() as string[]
  grant.addOIDCScope(granted)
  if (refused !== '') grant.rejectOIDCScope(refused)
  for (const resource of resources) {
    grant.addResourceScope(resource, granted)
    if (refused !== '') grant.rejectResourceScope(resource, refused)
  }
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
