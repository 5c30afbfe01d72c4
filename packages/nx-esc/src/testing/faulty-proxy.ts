import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request gets instead of the answer of the service. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  /** The connection breaks off in the middle of the answer. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'hanging' }
  /** The service gets the request, but its answer is lost. */
  | { readonly kind: 'lost-answer' };

export interface FaultRule {
  readonly method?: string;
  readonly path?: RegExp;
  readonly fault: Fault;
  /** How many requests it counts for; for all unless given. */
  times?: number;
}

/** Stands between a client and a service, beneath a prefix of its own, and breaks what it is told to. */
export class FaultyProxy {
  rules: FaultRule[] = [];
  /** Method and path of what was asked. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(readonly target: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  /** With a prefix, as a service behind a gateway has it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/pulumi`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '', headers } = request;
    const path = url.replace(/^\/pulumi/, '');
    this.asked.push(`${method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.#takeFault(method, path);
    if (!url.startsWith('/pulumi/')) return void response.writeHead(404).end();
    if (fault?.kind === 'hanging') return;
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end(fault.body ?? '');
    const body = Buffer.concat(chunks);
    const { host: _, connection: __, ...passed } = headers;
    const answer = await fetch(`${this.target}${path}`, {
      method,
      headers: passed as Record<string, string>,
      ...(body.length > 0 && { body }),
    });
    const text = Buffer.from(await answer.arrayBuffer());
    if (fault?.kind === 'lost-answer') return void response.destroy();
    const kept = [...answer.headers].filter(([name]) => !/^(?:connection|keep-alive|content-encoding)$/.test(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    if (fault?.kind !== 'truncated') return void response.end(text);
    response.write(text.subarray(0, Math.floor(text.length / 2)), () => response.destroy());
  }

  #takeFault(method: string, path: string): Fault | undefined {
    const rule = this.rules.find(
      ({ method: only = method, path: pattern, times = 1 }) =>
        only === method && times > 0 && (pattern?.test(path) ?? true),
    );
    if (rule?.times !== undefined) rule.times -= 1;
    return rule?.fault;
  }
}
