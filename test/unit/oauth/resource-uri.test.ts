import { describe, expect, it } from 'vitest'
import { coversResource, resourceUriOf } from '../../../src/main/oauth/resource-uri.ts'

describe('the canonical URI of a server', () => {
  it.each([
    ['https://MCP.Example.com/Mcp', 'https://mcp.example.com/Mcp'],
    ['https://mcp.example.com', 'https://mcp.example.com'],
    ['https://mcp.example.com/', 'https://mcp.example.com'],
    ['https://mcp.example.com:443/a/', 'https://mcp.example.com/a'],
    ['https://mcp.example.com:8443/a?tenant=1#x', 'https://mcp.example.com:8443/a?tenant=1'],
  ])('of %s', (url, uri) => expect(resourceUriOf(new URL(url))).toBe(uri))
})

describe('metadata', () => {
  const url = new URL('https://mcp.example.com/a/mcp')
  it.each([
    'https://mcp.example.com/a/mcp',
    'https://mcp.example.com/a/mcp/',
    'https://mcp.example.com/a',
    'https://MCP.example.com/',
    'https://mcp.example.com:443',
  ])('of %s is about it', (resource) => expect(coversResource(resource, url)).toBe(true))
  it.each([
    'https://mcp.example.com/a/mc',
    'https://mcp.example.com/a/mcp/more',
    'https://mcp.example.com/a/mcp?x=1',
    'https://mcp.example.com/a#x',
    'https://mcp.example.com.evil.example/a/mcp',
    'https://mcp.example.com@evil.example/a/mcp',
    'https://user@mcp.example.com/a/mcp',
    'http://mcp.example.com/a/mcp',
    'https://mcp.example.com:8443/a/mcp',
    '/a/mcp',
    '',
  ])('of %s is not', (resource) => expect(coversResource(resource, url)).toBe(false))
})
