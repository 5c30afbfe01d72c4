import type { EscRawApi } from '@pulumi/esc-sdk';
import { pulumiCloudUnreachable } from '../../ci/pulumi-cloud-token';
import { networkErrorOf } from '../../network/network-error';
import { type HttpAnswer, type HttpRequest, request } from '../../network/request';
import type { RetryOptions } from '../../network/retry';

/** What the SDK says of a request. */
interface SdkRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: string;
}

type Axios = NonNullable<ConstructorParameters<typeof EscRawApi>[2]>;

/** Requests that change a definition: one that was perhaps done is not sent again. */
const DONE_ONCE: ReadonlySet<string> = new Set(['PATCH', 'DELETE']);

/**
 * Sends the requests of the SDK: within the time limit, again after temporary failures, following no redirect, which would
 * take the token elsewhere. Every status is an answer.
 */
export class CloudTransport {
  constructor(readonly options: RetryOptions & { readonly url: string }) {}

  async request({ url, method, headers, data }: SdkRequest): Promise<{ readonly data: HttpAnswer }> {
    const { signal, timeLimit } = this.options;
    try {
      const answer = await request({
        url,
        method: method as NonNullable<HttpRequest['method']>,
        headers,
        signal,
        timeLimit,
        isDoneOnce: DONE_ONCE.has(method),
        ...(data !== undefined && { body: data }),
      });
      return { data: answer };
    } catch (error) {
      const network = networkErrorOf(error);
      if (signal.aborted || network === undefined) throw error;
      throw pulumiCloudUnreachable(this.options.url, network.message, {
        hint: 'check the network and the URL of the service; run it again: nothing is done twice',
        cause: error,
      });
    }
  }

  /** The part of axios that the SDK uses. */
  asAxios(): Axios {
    return { defaults: {}, request: (config: SdkRequest) => this.request(config) } as unknown as Axios;
  }
}
