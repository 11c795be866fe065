import type { IncomingMessage, ServerResponse } from 'node:http'

/** All of a request's body, as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function respond(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body)
}

/** What can't be answered, as when whom it asks is gone, breaks its connection: other servers of this process go on. */
export function answeredBy(work: Promise<unknown>, response: ServerResponse): void {
  work.catch(() => response.destroy())
}

/** Goes on for as long as somebody reads it. */
export function flood(response: ServerResponse, beginning: string): void {
  const part = Buffer.alloc(64 * 1024, 'x')
  response.write(beginning)
  const more = () => {
    while (!response.destroyed && response.write(part));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
