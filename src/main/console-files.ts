import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** What the console may load or reach, in the window and in a browser: nothing remote, nothing inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The kinds of file that a build of the console has; nothing else is served. */
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export const consoleHeaders = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export interface ConsoleFile {
  body: Buffer<ArrayBuffer>
  headers: Record<string, string>
}

/** Reads one file of the built console by the path of a URL; undefined for what is not there or not in its folder. */
export async function readConsoleFile(consoleDir: string, urlPath: string): Promise<ConsoleFile | undefined> {
  const file = fileOf(consoleDir, urlPath)
  const contentType = file && CONTENT_TYPES[extname(file)]
  if (!contentType) return undefined
  try {
    return { body: await readFile(file), headers: { ...consoleHeaders, 'content-type': contentType } }
  } catch {
    return undefined
  }
}

function fileOf(consoleDir: string, urlPath: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return undefined
  }
  if (path.includes('\0')) return undefined
  const file = normalize(join(consoleDir, path === '/' ? 'index.html' : path))
  return file.startsWith(normalize(consoleDir) + sep) ? file : undefined
}
