import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { readDocument } from '../../../../src/main/rest/openapi/reading/spec-document.ts'

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

describe('a text that is something else', () => {
  // There are 2^n ways to divide such a row into comments.
  it.each(['"""'.repeat(400), '<!---->'.repeat(400)])('a row of comments is gone through once: %.9s…', (text) => {
    expect(() => readDocument(text)).toThrow(AppError)
  })

  it.each([
    ['', 'empty'],
    ['  \n# only a comment\n', 'empty'],
    ['<!DOCTYPE html>\n<html><body>Sign in</body></html>', 'an HTML page'],
    ['\n<!-- a comment -->\n<html lang="en">', 'an HTML page'],
    ['<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>', 'WSDL'],
    ['<definitions name="x" targetNamespace="y">', 'WSDL'],
    ['<?xml version="1.0"?><application xmlns="http://wadl.dev.java.net/2009/02">', 'WADL'],
    ['<?xml version="1.0"?><project/>', 'XML'],
    ['#%RAML 1.0\ntitle: T\n', 'RAML'],
    ['FORMAT: 1A\n# API\n', 'API Blueprint'],
    ['// a service\nsyntax = "proto3";\n', 'gRPC'],
    ['# schema\ntype Query {\n  a: Int\n}\n', 'GraphQL'],
    ['"""\nAbout: it\n"""\nschema {\n query: Query\n}', 'GraphQL'],
    ['{"data":{"__schema":{"types":[]}}}', 'GraphQL'],
    ['https://example.com/openapi.json\n', 'an address'],
    [asText(gzipSync('{"openapi":"3.1.0"}')), 'gzip'],
    [asText(zipSync({ 'a.json': strToU8('{}') })), 'zip'],
    ['%PDF-1.7\n%\uFFFD', 'PDF'],
    ['\uFFFDPNG\r\n\x1a\n\0\0\0\rIHDR\0', 'binary'],
    [asText(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"openapi": "3.1.0"}', 'utf16le')])), 'UTF-16'],
    [asText(Buffer.from('openapi: 3.1.0\n', 'utf16le').swap16()), 'UTF-16'],
    [
      '{"info":{"_postman_id":"1","name":"C","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[]}',
      'Postman',
    ],
    ['{"collection":{"info":{"name":"C"},"item":[]}}', 'Postman'],
    ['{"_type":"export","__export_format":4,"resources":[]}', 'Insomnia'],
    ['type: collection.insomnia.rest/5.0\nname: C\n', 'Insomnia'],
    ['asyncapi: 3.0.0\ninfo: {title: T, version: "1"}\n', 'AsyncAPI'],
    ['{"log":{"version":"1.2","entries":[]}}', 'HAR'],
    ['arazzo: 1.0.0\ninfo: {title: T}\n', 'Arazzo'],
    ['overlay: 1.0.0\nactions: []\n', 'Overlay'],
    ['{"kind":"discovery#restDescription","name":"drive"}', 'Google'],
    ['{"smithy":"2.0","shapes":{}}', 'Smithy'],
    ['{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}', 'JSON Schema'],
    ['{"gatehouse":1,"integrations":[]}', 'export of Gatehouse'],
    ['{"mcpServers":{}}', 'MCP servers'],
    ['apiVersion: v1\nkind: Service\n', 'Kubernetes'],
    ['[{"openapi":"3.1.0"}]', 'a list'],
    ['null', 'empty'],
    ['just a few words', 'plain text'],
    ['{}', 'an empty object'],
    ['{"error":"unauthorized","detail":"s3cret"}', '"error", "detail"'],
  ])('%j', (text, what) => {
    let error: unknown
    try {
      readDocument(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AppError)
    const { code, message } = error as AppError
    expect(code).toBe('invalid_input')
    expect(message).toContain(what)
    expect(message).toMatch(/Give an OpenAPI 3\.0, 3\.1 or 3\.2 or a Swagger 2\.0 document\.$/)
    expect(message).not.toContain('s3cret')
  })
})

describe('a text that only looks like something else', () => {
  it.each([
    ['a title that speaks of types', 'openapi: 3.1.0\ninfo: {title: "type Query {", version: "1"}\n'],
    ['a comment first', '# type Query { }\n# <html>\nopenapi: 3.1.0\n'],
    ['fields of other formats', '{"openapi":"3.1.0","info":{"title":"T"},"item":[],"$schema":"x"}'],
    ['a field named type', 'type: object\nopenapi: 3.1.0\n'],
  ])('%s', (_name, text) => {
    expect(readDocument(text).formatName).toBe('OpenAPI 3.1.0')
  })
})
