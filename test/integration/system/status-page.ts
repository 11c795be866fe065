import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'

export const TOKEN = 'canary-status-token-0123456789'

export interface Seen {
  url: string
  authorization: string | undefined
}

/** The registry that ships, with one more file: what anybody could add. */
export function resourcesWith(name: string, yaml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-registry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync('resources', folder, { recursive: true })
  mkdirSync(join(folder, 'registry'), { recursive: true })
  writeFileSync(join(folder, 'registry', `${name}.yaml`), yaml)
  return folder
}

export const STATUS_PAGE = `
name: status-page
display_name: Status page
description: Components and their state.
category: Monitoring
ways:
  - id: token
    title: With a token
    summary: Reads components.
    steps:
      - { text: Make a token., url: 'https://status.example/tokens', link_label: Open it }
    fields:
      - { name: endpoint, label: Address, kind: url, required: true }
      - { name: token, label: Token, kind: secret, required: true, credential: api_token }
      - { name: extra, label: Extra key, kind: secret }
      - { name: limit, label: Time limit, kind: duration, default: 30, min: 1, max: 60, advanced: true }
    connection: { base_url: '{endpoint}', timeout_s: '{limit}' }
    auth: { type: bearer }
    check_path: /api/me
tools:
  - name: list_components
    title: List components
    description: All components with their state.
    method: GET
    path: /api/components
    parameters:
      - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 100 } }
  - name: set_component
    description: Change the state of a component.
    method: POST
    path: /api/components
    parameters: [{ name: state, in: body, required: true, schema: { type: string } }]
    body: { content_type: application/json }
  - name: private_notes
    description: Only with the extra key.
    method: GET
    path: /api/notes
    needs: extra
`

/** A service that takes one token. `held`: what each answer waits for. */
export async function serveStatusPage(
  held: () => Promise<void> | undefined = () => undefined,
): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const origin = await serveHttp((request, response) => {
    const { url = '', headers } = request
    seen.push({ url, authorization: headers.authorization })
    response.setHeader('content-type', 'application/json')
    const isKnown = headers.authorization === `Bearer ${TOKEN}`
    if (!isKnown) response.statusCode = 401
    const body = url === '/api/me' ? '{"name":"ops"}' : '{"components":[{"name":"api","state":"up"}]}'
    void Promise.resolve(held()).then(() => response.end(isKnown ? body : '{"error":"bad token"}'))
  })
  return { origin, seen }
}
