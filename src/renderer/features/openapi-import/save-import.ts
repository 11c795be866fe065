import type { Integration } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import type { Client } from '../../client.ts'
import { toNewRest } from '../rest/rest-add-values.ts'
import { restValuesOf, toRestConnection } from '../rest/rest-values.ts'
import { toRestTool } from './chosen-tools.ts'
import { chosenTools, type ImportState, sourceOf } from './import-state.ts'
import type { ImportValues } from './import-values.ts'
import { ownServerOf } from './own-server.ts'

/** The first write of an import: a new integration with all that was chosen, and with what was written by hand before it. */
export async function createImported(
  client: Pick<Client, 'integrations'>,
  state: ImportState,
  values: ImportValues,
  drafted: readonly RestTool[],
): Promise<Integration> {
  const tools = chosenTools(state).map((tool) => toRestTool(tool, state.edits))
  const created = toNewRest(values, [...drafted, ...tools])
  return await client.integrations.create({ ...created, rest: { ...created.rest, source: sourceOf(state) } })
}

/** Puts what was chosen beside the tools that the integration has by now. What it is imported from stays what it was. */
export async function addImported(
  client: Pick<Client, 'integrations'>,
  state: ImportState,
  values: ImportValues,
  name: string,
): Promise<Integration> {
  const now = await client.integrations.get({ name })
  if (!now.rest) throw new Error(`${name} is no REST integration any more.`)
  const server = ownServerOf(state, now.rest.base_url)
  const added = chosenTools(state).map((tool) => toRestTool(tool, state.edits, state.ownServer ? server : undefined))
  const { rest } = toRestConnection({ ...restValuesOf(now), credential_origins: values.credential_origins })
  return await client.integrations.update({
    name,
    rest: {
      ...rest,
      tools: [...(now.rest.tools ?? []), ...added],
      ...(now.rest.source ? {} : { source: sourceOf(state) }),
    },
  })
}
