import { AppError } from '../../../src/main/base/app-error.ts'
import {
  takeMessages,
  type OutgoingRequest,
  type Transport,
  type TransportListener,
} from '../../../src/main/upstream/transport.ts'

/** The wire of a conversation, in the hands of a test. */
export class FakeTransport implements Transport {
  listener!: TransportListener
  readonly requests: OutgoingRequest[] = []
  readonly sent: unknown[] = []
  /** The same as text. */
  readonly texts: string[] = []
  readonly cancelled: number[] = []
  listen = (listener: TransportListener) => void (this.listener = listener)
  request = (request: OutgoingRequest) => void this.requests.push(request)
  send = (message: string) => {
    this.texts.push(message)
    return Promise.resolve(void this.sent.push(JSON.parse(message)))
  }
  cancel = (id: number) => void this.cancelled.push(id)
  negotiated = () => undefined
  silence = () => new AppError('upstream_timeout')
  close = () => Promise.resolve()

  /** `of`: the request on whose stream it comes. */
  receive(text: string, of?: number): void {
    takeMessages(Buffer.from(text), (message) => this.listener.message(message, of))
  }
}
