/** A program that leases a token of an agent and waits to be killed. Prints the token. */
const [apiUrl = '', adminToken = '', name = ''] = process.argv.slice(2)
const response = await fetch(`${apiUrl}/agents/lease`, {
  method: 'POST',
  headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
  body: JSON.stringify({ name }),
})
let text = ''
for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
  text += Buffer.from(chunk).toString()
  const token = /"token":"([^"]+)"/.exec(text)?.[1]
  if (token !== undefined) {
    process.stdout.write(`${token}\n`)
    text = ''
  }
}
