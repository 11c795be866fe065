/** What to put where so that a program can tell of events. */
export interface HookSnippet {
  id: string
  label: string
  where: string
  text: string
}

export interface HookAddresses {
  token: string
  alertmanagerUrl: string
  eventsUrl: string
}

/** How an Alertmanager, and anything that can POST, is told about the gateway (formats checked November 2026). */
export function hookSnippets({ token, alertmanagerUrl, eventsUrl }: HookAddresses): HookSnippet[] {
  return [
    {
      id: 'alertmanager',
      label: 'Alertmanager',
      where: 'Add the receiver to alertmanager.yml and name it in a route. Resolved alerts resolve their incident.',
      text: [
        'receivers:',
        '  - name: gatehouse',
        '    webhook_configs:',
        `      - url: ${alertmanagerUrl}`,
        '        send_resolved: true',
        '        http_config:',
        '          authorization:',
        '            type: Bearer',
        `            credentials: ${token}`,
      ].join('\n'),
    },
    {
      id: 'curl',
      label: 'curl',
      where: 'Anything that can POST JSON. The same dedupe_key with status "resolved" resolves it.',
      text: [
        `curl -X POST ${eventsUrl} \\`,
        `  -H 'Authorization: Bearer ${token}' \\`,
        "  -H 'Content-Type: application/json' \\",
        `  -d '{"title": "Backup failed", "severity": "high", "service": "db", "dedupe_key": "backup-db"}'`,
      ].join('\n'),
    },
  ]
}
