import { type Ci } from '../ci/ci';
import type { IdToken } from '../ci/id-token';
import { Failure } from '../failures/failure';
import { ambientSession } from './ambient-session';
import { identityFailure } from './aws-failure';
import { accountOf, type AwsRoles, type RoleRequest } from './aws-roles';
import type { AwsContext } from './aws-sdk';
import { type AwsSession, RenewedSession } from './aws-session';
import { localSessionName, sessionNameOf } from './session-name';
import { assumeRole, assumeWithWebIdentity } from './sts';

export interface AwsIdentityOptions extends AwsContext {
  /** The CI whose job this is. */
  readonly ci: Ci | undefined;
  /** Told of every secret that must not be printed. */
  readonly onSecret: (secret: string) => void;
  /** Told once of what a reader of the log should know. */
  readonly onNote: (text: string) => void;
  /** Told of each session that begins. */
  readonly onSession?: (session: AwsSession) => void;
}

/**
 * The AWS identities of a run. A role is assumed with the OIDC token of the CI; where there is none, the session that the
 * machine has already is used, or assumes the role (`withoutOidc`). Each session is begun once, and renewed.
 */
export class AwsIdentity {
  readonly #sessions = new Map<string, RenewedSession>();
  readonly #arns = new Map<string, string>();
  readonly #noted = new Set<string>();

  constructor(readonly options: AwsIdentityOptions) {}

  /** The session of a role, in an environment. */
  role(request: RoleRequest, roles: AwsRoles): RenewedSession {
    return this.#session(JSON.stringify([request, roles]), () => this.#beginRole(request, roles));
  }

  /** The session that the machine has already. */
  ambient({ account, region }: AwsRoles): RenewedSession {
    return this.#session(JSON.stringify(['ambient', account, region]), async () => {
      const session = await ambientSession(this.options, region);
      if (account !== undefined)
        assertAccount(session.account, account, `the AWS session of this machine (${session.arn})`);
      return session;
    });
  }

  /** The role that fetches what an environment asks for without a login of its own. */
  reader(roles: AwsRoles): RenewedSession {
    return roles.reader === undefined ? this.ambient(roles) : this.role(roles.reader, roles);
  }

  /** Who an access key belongs to, as far as it was seen in this run. */
  arnOf(accessKeyId: string): string | undefined {
    return this.#arns.get(accessKeyId);
  }

  #session(key: string, begin: () => Promise<AwsSession>): RenewedSession {
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = new RenewedSession(async () => this.#register(await begin()));
      this.#sessions.set(key, session);
    }
    return session;
  }

  #register(session: AwsSession): AwsSession {
    const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
    this.#arns.set(accessKeyId, session.arn);
    this.options.onSession?.(session);
    for (const secret of [secretAccessKey, sessionToken]) if (secret !== undefined) this.options.onSecret(secret);
    return session;
  }

  async #beginRole(role: RoleRequest, roles: AwsRoles): Promise<AwsSession> {
    const { ci, env } = this.options;
    if (roles.account !== undefined) assertAccount(accountOf(role.arn), roles.account, `the role ${role.arn}`);
    if (ci?.hasToken(env) !== true) return this.#beginWithoutOidc(role, roles);
    const audience = roles.audience ?? ci.awsAudience;
    const token = await this.#fetchToken(ci, audience);
    let held: IdToken | undefined = token;
    const session = await assumeWithWebIdentity(
      {
        role,
        region: roles.region,
        sessionName: role.sessionName ?? sessionNameOf(token.claims, ci.runId(env)),
        source: `OIDC token of ${ci.name}`,
        fetchToken: () => {
          const fetched = held === undefined ? this.#fetchToken(ci, audience) : Promise.resolve(held);
          held = undefined;
          return fetched;
        },
      },
      this.options,
    );
    if (roles.account !== undefined) assertAccount(session.account, roles.account, session.arn);
    return session;
  }

  async #fetchToken(ci: Ci, audience: string | undefined): Promise<IdToken> {
    const { env, signal, timeLimit } = this.options;
    const token = await ci.fetchToken({ env, audience, signal, timeLimit });
    this.options.onSecret(token.reveal());
    return token;
  }

  async #beginWithoutOidc(role: RoleRequest, roles: AwsRoles): Promise<AwsSession> {
    const session = await this.#ambientOrMissing(roles);
    if (isSessionOf(session.arn, role.arn)) return session;
    if (roles.withoutOidc === 'assume-role') {
      const sessionName = role.sessionName ?? localSessionName();
      return assumeRole({ role, region: roles.region, sessionName }, session, this.options);
    }
    assertAccount(session.account, accountOf(role.arn), `the AWS session of this machine (${session.arn})`);
    const note = `no OIDC token here: ${session.arn} stands in for the role ${role.arn}`;
    if (!this.#noted.has(note)) this.options.onNote(note);
    this.#noted.add(note);
    return session;
  }

  /** In a CI that could give a token, its absence is what is wrong, not that of other credentials. */
  async #ambientOrMissing(roles: AwsRoles): Promise<AwsSession> {
    const { ci, env, signal, timeLimit } = this.options;
    try {
      return await this.ambient(roles).get();
    } catch (error) {
      if (ci === undefined || !(error instanceof Failure) || error.code !== 'no-credentials') throw error;
      await ci.fetchToken({ env, audience: roles.audience ?? ci.awsAudience, signal, timeLimit });
      throw error;
    }
  }
}

/** Tells whether a session is one of a role: a session's ARN has the role's name without its path. */
function isSessionOf(sessionArn: string, roleArn: string): boolean {
  const [, sessionRole] = sessionArn.split(':assumed-role/');
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return sessionRole?.split('/')[0] === name && accountOf(sessionArn) === accountOf(roleArn);
}

function assertAccount(actual: string, expected: string, who: string): void {
  if (actual === expected) return;
  throw identityFailure('wrong-account', `${who} is in the account ${actual}, not in ${expected}`, {
    hint: 'choose another profile or role, or mend "account" of the environment in nx.json',
  });
}
