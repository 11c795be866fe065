/** JSON text of the gateway's `serverInfo`. */
export function serverInfoText(version: string): string {
  return JSON.stringify({ name: 'gatehouse', title: 'Gatehouse', version })
}
