import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writtenEntries } from '../../../../src/main/system/registry-files.ts'
import { neededScopes, type SlackWay } from '../../../../src/main/system/slack/slack-scopes.ts'

const resources = fileURLToPath(new URL('../../../../resources/', import.meta.url))
const MANIFESTS = { app: 'slack-manifest.yaml', user: 'slack-user-manifest.yaml' }

interface Manifest {
  oauth_config: { scopes: { bot?: string[]; user?: string[] }; redirect_urls?: string[]; pkce_enabled?: boolean }
  settings: { token_rotation_enabled: boolean }
}

/** Opens Slack with a manifest filled in. */
function creationLink(manifest: string): string {
  return `https://api.slack.com/apps?new_app=1&manifest_yaml=${encodeURIComponent(manifest)}`
}

function manifestOf(way: SlackWay): { text: string; manifest: Manifest } {
  const text = readFileSync(`${resources}${MANIFESTS[way]}`, 'utf8')
  return { text, manifest: parse(text) as Manifest }
}

function wayOf(id: SlackWay) {
  const way = writtenEntries(`${resources}registry`)
    .find(({ name }) => name === 'slack')
    ?.ways.find((each) => each.id === id)
  if (way === undefined) throw new Error(`Slack has no way ${id}.`)
  return way
}

describe.each(['app', 'user'] as const)('the manifest of the way %s', (id) => {
  it('is what the link of its first step fills in', () => {
    expect(wayOf(id).steps[0]?.url).toBe(creationLink(manifestOf(id).text))
  })

  it('asks for the scopes that are checked', () => {
    const { scopes } = manifestOf(id).manifest.oauth_config
    expect((id === 'app' ? scopes.bot : scopes.user)?.sort()).toEqual(
      neededScopes(id)
        .map(({ scope }) => scope)
        .sort(),
    )
  })
})

describe('the way of an app', () => {
  it('has a token that does not end', () => {
    expect(manifestOf('app').manifest.settings.token_rotation_enabled).toBe(false)
  })
})

describe('the way of a person', () => {
  const { auth, fields } = wayOf('user')

  it('asks for the scopes of its manifest', () => {
    expect(auth.oauth?.scopes).toEqual(manifestOf('user').manifest.oauth_config.scopes.user)
  })

  it('comes back to an address that the app has', () => {
    const port = Number(fields.find(({ name }) => name === 'redirect_port')?.default)
    const { redirect_urls, pkce_enabled } = manifestOf('user').manifest.oauth_config
    expect(redirect_urls).toContain(`http://127.0.0.1:${port}/oauth/callback`)
    expect(pkce_enabled).toBe(true)
  })
})
