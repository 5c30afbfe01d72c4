import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isAllowed } from '../aws-emulator/iam.mjs';
import { isTrusted } from '../aws-emulator/trust-policy.mjs';
import { provisionCheckers } from './provision.mjs';

/**
 * Decides requests to AWS twice: by iam-simulate, which others wrote, and by the emulator of the tests. Reads a list of
 * `{policies, action, resource, context}` and `{trust, issuer, claims}` from standard input, and prints a list of
 * `{simulator, emulator}`.
 */
const ACCOUNT = '123456789012';
/** An issuer whose claims the simulator knows: it takes those of any other for mistyped keys. */
const KNOWN_ISSUER = 'accounts.google.com';
/** Likewise a key that the simulator knows, for one whose name ends in what the caller chooses. */
const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:nx-esc-group';
const KNOWN_KEY = 'kms:EncryptionAlgorithm';
/** A key's own policy, as AWS makes it, lets the account's policies decide. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

const packages = join(provisionCheckers(), '..', 'node_modules', 'of-checkers.cjs');
const { runSimulation } = createRequire(packages)('@cloud-copilot/iam-simulate');

async function simulate(request, { identityPolicies = [], resourcePolicy }) {
  const { resource, context = {}, principal = `arn:aws:iam::${ACCOUNT}:role/someone`, action } = request;
  const response = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    },
    {},
  );
  if (response.overallResult === undefined) throw new Error(JSON.stringify(response.errors ?? response));
  return response.overallResult === 'Allowed';
}

async function decide(request) {
  if (request.trust !== undefined) return decideTrust(request);
  const { policies, action, resource, context = {} } = request;
  const resourcePolicy = action.startsWith('kms:') ? KEY_POLICY : undefined;
  return {
    simulator: await simulate(withKnownKeys(request), { identityPolicies: withKnownKeys(policies), resourcePolicy }),
    emulator: isAllowed(policies, action, resource, context),
  };
}

function withKnownKeys(document) {
  return JSON.parse(JSON.stringify(document).replaceAll(ENCRYPTION_CONTEXT, KNOWN_KEY));
}

async function decideTrust({ trust, issuer, claims }) {
  const provider = (host) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}`;
  const context = Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${KNOWN_ISSUER}:${name}`, value]));
  const request = {
    principal: provider(KNOWN_ISSUER),
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: `arn:aws:iam::${ACCOUNT}:role/someone`,
    context,
  };
  const resourcePolicy = JSON.parse(JSON.stringify(trust).replaceAll(issuer, KNOWN_ISSUER));
  return {
    simulator: await simulate(request, { resourcePolicy }),
    emulator: isTrusted(trust, { provider: provider(issuer), claims: { iss: `https://${issuer}`, ...claims } }),
  };
}

const decisions = [];
for (const request of JSON.parse(readFileSync(0, 'utf8'))) decisions.push(await decide(request));
console.log(JSON.stringify(decisions));
