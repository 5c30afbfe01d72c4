import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const SERVE = resolve(__dirname, '../../../../tools/aws-emulator/serve.mjs');

/** Something that goes wrong with a service; see tools/aws-emulator/faults.mjs. */
export interface EmulatedFault {
  readonly service: 'token' | 'sts' | 'secretsmanager' | 'ssm' | 's3';
  readonly action?: string;
  readonly kind: 'error' | 'hang' | 'reset' | 'truncate' | 'cut' | 'body';
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly body?: string;
  readonly times?: number;
}

export interface EmulatedRole {
  readonly trust: object;
  /** Actions such as `sts:*`; everything unless given. */
  readonly allow?: readonly string[];
  readonly maxSessionSeconds?: number;
}

/** The subject of the jobs of a world, whom it trusts, and what goes wrong in it. */
export interface WorldRequest {
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly roles: Readonly<Record<string, EmulatedRole>>;
  /** Whether roles and audiences are those that were made in IAM, instead of the two above. */
  readonly iam?: boolean;
  readonly faults?: readonly EmulatedFault[];
  readonly tls?: boolean;
  readonly tokenLifetime?: number;
  /** Sessions end after that time, however long they were asked for. */
  readonly sessionSeconds?: number;
}

export interface EmulatedCall {
  readonly service: string;
  readonly action: string;
  /** ARN of the session that called. */
  readonly session?: string;
}

export interface World {
  readonly id: number;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly certificate: { readonly cert: string; readonly key: string };
}

/** moto with a front that verifies tokens and trust, and an issuer of tokens, in a process of their own. */
export class AwsEmulator {
  private constructor(
    private readonly child: ChildProcess,
    private readonly control: string,
    readonly moto: string,
  ) {}

  static async start(): Promise<AwsEmulator> {
    const child = spawn(process.execPath, [SERVE], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const first = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error('the emulator of AWS does not start'))),
    ]);
    const { control, moto } = JSON.parse(first[0] as string) as { control: string; moto: string };
    return new AwsEmulator(child, control, moto);
  }

  /** What makes the SDKs of a process talk to moto itself, which lets everybody in. */
  get motoEnv(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.moto,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
  }

  async createWorld(world: WorldRequest): Promise<World> {
    return (await this.#post('worlds', world)) as World;
  }

  async callsOf({ id }: World): Promise<readonly EmulatedCall[]> {
    const answer = await fetch(`${this.control}/worlds/${id}`);
    return ((await answer.json()) as { calls: EmulatedCall[] }).calls;
  }

  async issueToken(request: {
    subject: string;
    audience: string | string[];
    lifetimeSeconds?: number;
  }): Promise<string> {
    return ((await this.#post('tokens', request)) as { token: string }).token;
  }

  async seed(content: {
    readonly region: string;
    readonly secrets?: Readonly<Record<string, string>>;
    readonly binaries?: Readonly<Record<string, string>>;
    readonly parameters?: readonly { Name: string; Value: string; Type?: string }[];
  }): Promise<void> {
    await this.#post('seed', content);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.stdin?.end();
    await exited;
  }

  async #post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.control}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const content = (await answer.json()) as { readonly error?: string };
    if (content.error !== undefined) throw new Error(content.error);
    return content;
  }
}

/** A trust policy for jobs of GitHub Actions with exactly one subject. */
export function trustPolicy(subject: string, audience = 'sts.amazonaws.com'): object {
  const host = 'token.actions.githubusercontent.com';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${host}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject } },
      },
    ],
  };
}
