import { createCertificate } from './certificate.mjs';
import { Gateway } from './gateway.mjs';
import { Issuer } from './issuer.mjs';
import { startMoto } from './moto.mjs';
import { provisionMoto } from './provision.mjs';

/** moto, an issuer of tokens, and as many worlds before them as are asked for: each has trust and faults of its own. */
export class Emulator {
  static async start() {
    const [moto, issuer] = await Promise.all([startMoto(provisionMoto()), Issuer.create()]);
    return new Emulator(moto, issuer, createCertificate());
  }

  constructor(moto, issuer, certificate) {
    this.moto = moto;
    this.issuer = issuer;
    this.certificate = certificate;
    this.gateways = [];
  }

  async createWorld(world) {
    const { moto, issuer, certificate } = this;
    const gateway = await Gateway.start(world, { moto: moto.url, issuer, certificate });
    this.gateways.push(gateway);
    return gateway;
  }

  stop() {
    for (const gateway of this.gateways) gateway.stop();
    this.moto.stop();
  }
}

/** The account in which moto keeps everything. */
export const ACCOUNT = '123456789012';

/** The trust policy of a role for jobs of GitHub Actions with exactly one subject. */
export function trustPolicy(subject, audience = 'sts.amazonaws.com') {
  const host = 'token.actions.githubusercontent.com';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject } },
      },
    ],
  };
}
