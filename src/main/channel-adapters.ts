import { AppError } from './base/app-error.ts'
import type { AdapterLoaders } from './notifications/adapters.ts'
import type { Destinations } from './notifications/channel-record.ts'
import type { SlackDestinations } from './system/slack/slack-destinations.ts'
import type { SystemAccess } from './system/system-adapter.ts'

interface Shipped {
  /** A system integration of a workspace that is set up and not disabled. */
  access: (workspace: string, name: string) => SystemAccess | undefined
  /** Where the gateway listens: nothing is sent there. */
  listening: () => { host: string; port: number } | undefined
}

/** Each is loaded when something is first sent there or shown of it. */
export function shippedAdapters({ access, listening }: Shipped): AdapterLoaders {
  return {
    slack: async () => {
      const { SlackChannel } = await import('./system/slack/slack-channel.ts')
      return new SlackChannel(slackNow(access))
    },
    pagerduty: async () => {
      const { PagerDutyChannel } = await import('./system/pagerduty/pagerduty-channel.ts')
      return new PagerDutyChannel({ access: (workspace) => access(workspace, 'pagerduty') })
    },
    webhook: async () => {
      const [{ WebhookChannel }, { ownAddresses }] = await Promise.all([
        import('./system/webhooks/webhook-channel.ts'),
        import('./notifications/wire/addresses.ts'),
      ])
      return new WebhookChannel({ isOwn: ownAddresses(listening) })
    },
    email: async () => {
      const { EmailChannel } = await import('./notifications/email/email-channel.ts')
      return new EmailChannel()
    },
  }
}

/** Places of Slack that notices can go to, asked for with the first look. */
export function slackDestinations({ access }: Pick<Shipped, 'access'>): {
  list: Destinations
  close: () => Promise<void>
} {
  let loading: Promise<SlackDestinations> | undefined
  return {
    list: async (workspace, wanted, signal) => {
      loading ??= import('./system/slack/slack-destinations.ts').then(
        (slack) => new slack.SlackDestinations(slackNow(access)),
      )
      return await (await loading).list(workspace, wanted, signal)
    },
    close: async () => (await loading)?.close(),
  }
}

function slackNow(access: Shipped['access']): (workspace: string) => SystemAccess {
  return (workspace) => {
    const slack = access(workspace, 'slack')
    if (slack !== undefined) return slack
    throw new AppError('invalid_input', { message: 'Slack is not set up in this workspace, or it is disabled.' })
  }
}
