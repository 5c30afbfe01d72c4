import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';

/**
 * An OIDC issuer that stands in for that of GitHub Actions. What it issues says of itself that it comes from GitHub:
 * the trust policies of the real one hold for it. It is known to the emulator alone.
 */
export class Issuer {
  static async create(issuer = 'https://token.actions.githubusercontent.com') {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'emulator', alg: 'RS256', use: 'sig' };
    return new Issuer(issuer, privateKey, createLocalJWKSet({ keys: [jwk] }));
  }

  constructor(issuer, privateKey, keySet) {
    this.issuer = issuer;
    this.privateKey = privateKey;
    this.keySet = keySet;
  }

  issue({ subject, audience, lifetimeSeconds = 300, claims = {} }) {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ repository: 'acme/shop', run_id: '4711', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'emulator', typ: 'JWT' })
      .setIssuer(this.issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(Math.min(now, now + lifetimeSeconds))
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.privateKey);
  }

  /** Verifies a token's signature, issuer and times; throws errors of jose. */
  async verify(token) {
    const { payload } = await jwtVerify(token, this.keySet, { issuer: this.issuer, clockTolerance: 5 });
    return payload;
  }
}
